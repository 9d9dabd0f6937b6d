# SPDX-License-Identifier: MIT
"""Programs that end by themselves and give the same each time they run, for test-strangers.py: one
table, of which those that are not installed are left out."""

TEXT = b"".join(b"%d %d\n" % (i, i * 2654435761 % 4294967296) for i in range(150000))

PYTHON_THREADS = """if True:
    import concurrent.futures, queue, sys, threading
    q, lock, total = queue.Queue (3), threading.Lock (), 0
    def produce ():
        for i in [*range (100), None]:
            q.put (i)
    def consume ():
        global total
        while (each := q.get ()) is not None:
            with lock:
                total += each
    threads = [threading.Thread (target=each) for each in (produce, consume)]
    [each.start () for each in threads]
    [each.join () for each in threads]
    with concurrent.futures.ThreadPoolExecutor (3) as pool:
        print (total, sum (pool.map (abs, range (50))))
    event = threading.Event ()
    threading.Timer (0.01, event.set).start ()
    event.wait ()
    sys.exit (9)
"""
PYTHON_SQLITE = """if True:
    import sqlite3, threading
    def work (n):
        base = sqlite3.connect ("base", timeout=60)
        for i in range (20):
            with base:
                base.execute ("insert into t values (?, ?)", (n, i))
    with sqlite3.connect ("base") as base:
        base.execute ("drop table if exists t")
        base.execute ("create table t (a, b)")
    threads = [threading.Thread (target=work, args=(n,)) for n in range (4)]
    [each.start () for each in threads]
    [each.join () for each in threads]
    print (*base.execute ("select a, count (*), sum (b) from t group by a"))
"""
PYTHON_PROCESSES = """if True:
    import multiprocessing, subprocess, sys
    if __name__ == "__main__":
        with multiprocessing.Pool (3) as pool:
            print (sum (pool.map (abs, range (200))))
        print (subprocess.run ([sys.executable, "-c", "print (1 + 1)"], capture_output=True).stdout)
"""
RUBY_THREADS = """
    queue, lock, sum = Queue.new, Mutex.new, 0
    threads = 4.times.map { Thread.new { while (n = queue.pop) != :end
                                           lock.synchronize { sum += n } end } }
    200.times { |n| queue << n }
    4.times { queue << :end }
    threads.each(&:join)
    puts sum
    puts `echo of a child`
    exit 4
"""
PERL = "my $n = 0; for (1..3) { $n += `echo $_` } fork // die; wait; print qq($n\\n); exit 5"
NODE = """
    const crypto = require ('crypto'), fs = require ('fs'), zlib = require ('zlib');
    const { Worker } = require ('worker_threads');
    const worker = new Worker ('require ("worker_threads").parentPort.postMessage (6 * 7)', { eval: true });
    worker.on ('message', n => {
      crypto.pbkdf2 ('a', 'b', 20, 16, 'sha256', (error, key) => {
        zlib.gzip ('x'.repeat (100000), (error, data) => {
          fs.readFile ('/etc/passwd', (error, data) => {
            console.log (n, key.toString ('hex'), error);
            process.exit (3);
          });
        });
      });
    });
"""
SQL = b"""
    create table t (a, b);
    with recursive c (x) as (select 1 union all select x + 1 from c where x < 2000)
      insert into t select x, hex (x * 7919 % 10007) from c;
    select b, count (*) from t group by b order by 2 desc, 1 limit 5;
    select * from nothing;
"""
MAKE = b"""
all: a b c d e f
\t@cat $^
a b c d e f:
\t@echo $@ > $@; sleep 0.01
"""
GIT = ("export GIT_CONFIG_NOSYSTEM=1 HOME=$PWD; rm -rf r; git init -q r 2>&1; cd r; "
       "git config user.name a; git config user.email a@b.c; git config pack.threads 2; "
       "for i in 1 2 3 4 5 6; do seq $i 3000 > $i; git add $i; "
       "GIT_COMMITTER_DATE='1 +0000' GIT_AUTHOR_DATE='1 +0000' git commit -qm $i; done; "
       "git gc -q --aggressive; git fsck; git grep -c 99; git log --format=%H | tail -1")
GO = b"""package main
import ("fmt"; "sync")
func main () { var w sync.WaitGroup; var m sync.Mutex; n := 0
  for i := 0; i < 100; i++ { w.Add (1); go func () { m.Lock (); n++; m.Unlock (); w.Done () } () }
  w.Wait (); fmt.Println (n) }
"""
RUST = b"""use std::sync::{Arc, Condvar, Mutex, mpsc}; use std::thread;
fn main () { let pair = Arc::new ((Mutex::new (0), Condvar::new ())); let (tx, rx) = mpsc::channel ();
  let all: Vec<_> = (0..4).map (|i| { let (p, tx) = (pair.clone (), tx.clone ());
    thread::spawn (move || { *p.0.lock ().unwrap () += i; p.1.notify_all (); tx.send (i).unwrap (); }) }).collect ();
  for each in all { each.join ().unwrap (); }
  println! ("{} {}", *pair.0.lock ().unwrap (), rx.iter ().take (4).sum::<i32> ()); }
"""

# What it is: argv, its input, at least so many threads. The argument "@text" is a
# file with TEXT, "@rust" RUST built. The name's first word is what must be installed.
PROGRAMS = {
    "pigz compresses":  # -m: what comes through a pipe has the time of day for its own
        (["pigz", "-m", "-p", "4", "-b", "128", "-c"], TEXT, 3),
    "xz compresses": (["xz", "-0", "-T2", "--block-size=1MiB", "-c"], TEXT, 3),
    "zstd compresses": (["zstd", "-q", "-T2", "-B1MiB", "-c"], TEXT, 3),
    "lbzip2 compresses": (["lbzip2", "-n", "3", "-c"], TEXT, 3),
    "pbzip2 compresses": (["pbzip2", "-q", "-p3", "-c", "-b1", "@text"], TEXT, 3),
    "plzip compresses": (["plzip", "-0", "-n", "2", "-B", "512KiB", "-c"], TEXT, 2),
    "7z lists what it compressed":
        (["sh", "-c", "rm -f x.7z; 7z a -mmt4 -bd -mx1 x.7z \"$0\" | grep -c Everything; 7z t x.7z | "
          "grep -c Ok", "@text"], b"", 1),
    "mksquashfs packs":
        (["sh", "-c", "rm -f x.sq; mksquashfs \"$0\" x.sq -quiet -no-progress -processors 2 -all-time 1 "
          "-mkfs-time 1 -all-root >/dev/null && sha256sum x.sq", "@text"], b"", 1),
    "sqlite3 sorts, and fails": (["sqlite3", ":memory:"], SQL, 1),
    "python3 with a queue, a pool, an event and a timer":
        (["/usr/bin/python3", "-c", PYTHON_THREADS], b"", 7),
    "python3 with sqlite3 in four threads": (["/usr/bin/python3", "-c", PYTHON_SQLITE], b"", 5),
    "python3 with processes": (["/usr/bin/python3", "-c", PYTHON_PROCESSES], b"", 1),
    "ruby": (["ruby", "-e", RUBY_THREADS], b"", 1),
    "perl": (["perl", "-e", PERL], b"", 1),
    "node": (["node", "-e", NODE], b"", 5),
    "java": (["java", "-Xshare:auto", "-version"], b"", 3),
    "make -j": (["make", "-s", "-B", "-j4", "-f", "-"], MAKE, 1),
    "git gc": (["sh", "-c", GIT], b"", 1),
    "sort --parallel": (["sort", "--parallel=4", "-S", "100M", "-k2n"], TEXT * 2, 2),
    "openssl": (["openssl", "dgst", "-sha256"], TEXT, 1),
    "gdb runs a program": (["gdb", "-q", "-nx", "-batch", "-ex", "print 6 * 7"], b"", 1),
    "rg": (["rg", "-j3", "--sort=path", "-c", "define", "/usr/include/linux"], b"", 1),
    "rust": (["@rust"], b"", 5),
    "gcc": (["gcc", "-O2", "-x", "c", "-S", "-o", "-", "-"], b"int f (int x) { return x * 7; }\n", 1),
    "tar": (["sh", "-c", "tar -c --mtime=@0 --sort=name -C /usr/include/linux . | sha256sum"], b"", 1),
    "curl": (["curl", "-s", "file:///etc/passwd"], b"", 1),
    "fio": (["sh", "-c", "fio --name=x --thread --numjobs=3 --size=1M --rw=randwrite --verify=md5 --bs=16k "
             "--minimal --ioengine=psync >/dev/null; echo $?; rm -f x.*.0"], b"", 1),
}
