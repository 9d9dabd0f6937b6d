/* SPDX-License-Identifier: MIT */
/* The macros of lockstitch.h, which includes this and says what they do. */
#ifndef LOCKSTITCH_MACROS_H
#define LOCKSTITCH_MACROS_H

#ifndef LOCKSTITCH_H
#  error "include <lockstitch.h> instead"
#endif

/* An order as the compiler's builtins want it; a constant where `order` is one. */
#define LOCKSTITCH_ATOMIC_(order) ((order) == LOCKSTITCH_RELAXED ? __ATOMIC_RELAXED : (int) (order))

/* What a failed compare-exchange may be: a load releases nothing. */
#define LOCKSTITCH_ATOMIC_FAILED_(order)                                                  \
  ((order) == LOCKSTITCH_SEQ_CST                                                          \
     ? __ATOMIC_SEQ_CST                                                                   \
     : ((order) == LOCKSTITCH_ACQUIRE || (order) == LOCKSTITCH_ACQ_REL ? __ATOMIC_ACQUIRE \
                                                                       : __ATOMIC_RELAXED))

/* The type of `lvalue` without its const and volatile. */
#ifdef __cplusplus
#  include <type_traits>
#  define LOCKSTITCH_TYPEOF_(lvalue) \
    std::remove_cv<std::remove_reference<decltype ((lvalue))>::type>::type
#else
#  define LOCKSTITCH_TYPEOF_(lvalue) __typeof__ (((void) 0, (lvalue)))
#endif

#ifndef LOCKSTITCH_DISABLE

#  ifdef __cplusplus
extern "C++" {
template <typename T, bool = std::is_enum<T>::value> struct lockstitch_plain_ {
  typedef T type;
};
template <typename T> struct lockstitch_plain_<T, true> {
  typedef typename std::underlying_type<T>::type type;
};
template <typename T>
constexpr LockstitchType
lockstitch_type_of_ ()
{
  static_assert (std::is_scalar<T>::value && sizeof (T) <= 8,
                 "only scalars of up to 8 bytes can be recorded");
  return std::is_floating_point<T>::value                               ? LOCKSTITCH_FLOAT
         : std::is_pointer<T>::value                                    ? LOCKSTITCH_POINTER
         : std::is_unsigned<typename lockstitch_plain_<T>::type>::value ? LOCKSTITCH_UINT
                                                                        : LOCKSTITCH_INT;
}
}
#    define LOCKSTITCH_TYPE_OF_(lvalue) lockstitch_type_of_<LOCKSTITCH_TYPEOF_ (lvalue)> ()
#  else
/* An enum is the integer type that it is compatible with; what is left is a pointer. */
#    define LOCKSTITCH_TYPE_OF_(lvalue)                                          \
      _Generic((lvalue), float                                                   \
               : LOCKSTITCH_FLOAT, double                                        \
               : LOCKSTITCH_FLOAT, char                                          \
               : ((char) -1 < 0 ? LOCKSTITCH_INT : LOCKSTITCH_UINT), signed char \
               : LOCKSTITCH_INT, short                                           \
               : LOCKSTITCH_INT, int                                             \
               : LOCKSTITCH_INT, long                                            \
               : LOCKSTITCH_INT, long long                                       \
               : LOCKSTITCH_INT, _Bool                                           \
               : LOCKSTITCH_UINT, unsigned char                                  \
               : LOCKSTITCH_UINT, unsigned short                                 \
               : LOCKSTITCH_UINT, unsigned                                       \
               : LOCKSTITCH_UINT, unsigned long                                  \
               : LOCKSTITCH_UINT, unsigned long long                             \
               : LOCKSTITCH_UINT, default                                        \
               : LOCKSTITCH_POINTER)
#  endif

/* The value's bytes in the low end of a word. */
static inline uint64_t
lockstitch_bits_ (const void *value, size_t size)
{
  uint64_t bits = 0;
#  if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  __builtin_memcpy (&bits, value, size);
#  else
  __builtin_memcpy ((char *) &bits + sizeof bits - size, value, size);
#  endif
  return bits;
}

/* The bytes of a local variable; wider ones do not fit, and do not compile. */
#  ifdef __cplusplus
#    define LOCKSTITCH_FITS_ static_assert
#  else
#    define LOCKSTITCH_FITS_ _Static_assert
#  endif
#  define LOCKSTITCH_BITS_(variable)                                                              \
    __extension__({                                                                               \
      LOCKSTITCH_FITS_ (sizeof (variable) <= 8, "only scalars of up to 8 bytes can be recorded"); \
      lockstitch_bits_ (&(variable), sizeof (variable));                                          \
    })

#  define LOCKSTITCH_VALUE(lvalue) \
    lockstitch_name_value (&(lvalue), sizeof (lvalue), LOCKSTITCH_TYPE_OF_ (lvalue), #lvalue)

#  define LOCKSTITCH_READ(lvalue)                                                          \
    __extension__({                                                                        \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_seen_ = (lvalue);                             \
      if (LOCKSTITCH_ON ())                                                                \
        lockstitch_read (&(lvalue), sizeof lockstitch_seen_, LOCKSTITCH_TYPE_OF_ (lvalue), \
                         LOCKSTITCH_BITS_ (lockstitch_seen_));                             \
      lockstitch_seen_;                                                                    \
    })

#  define LOCKSTITCH_WRITE(lvalue, value)                                                          \
    __extension__({                                                                                \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_new_ = (value);                                       \
      if (LOCKSTITCH_ON ()) {                                                                      \
        LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_old_ = (lvalue);                                    \
        lockstitch_write (&(lvalue), sizeof lockstitch_new_, LOCKSTITCH_TYPE_OF_ (lvalue),         \
                          LOCKSTITCH_BITS_ (lockstitch_new_), LOCKSTITCH_BITS_ (lockstitch_old_)); \
      }                                                                                            \
      (lvalue) = lockstitch_new_;                                                                  \
      lockstitch_new_;                                                                             \
    })

#  define LOCKSTITCH_LOAD(lvalue, order)                                                   \
    __extension__({                                                                        \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_seen_;                                        \
      __atomic_load (&(lvalue), &lockstitch_seen_, LOCKSTITCH_ATOMIC_ (order));            \
      if (LOCKSTITCH_ON ())                                                                \
        lockstitch_load (&(lvalue), sizeof lockstitch_seen_, LOCKSTITCH_TYPE_OF_ (lvalue), \
                         LOCKSTITCH_BITS_ (lockstitch_seen_), (order));                    \
      lockstitch_seen_;                                                                    \
    })

#  define LOCKSTITCH_STORE(lvalue, value, order)                                           \
    __extension__({                                                                        \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_new_ = (value);                               \
      if (LOCKSTITCH_ON ())                                                                \
        lockstitch_store (&(lvalue), sizeof lockstitch_new_, LOCKSTITCH_TYPE_OF_ (lvalue), \
                          LOCKSTITCH_BITS_ (lockstitch_new_), (order));                    \
      __atomic_store (&(lvalue), &lockstitch_new_, LOCKSTITCH_ATOMIC_ (order));            \
      lockstitch_new_;                                                                     \
    })

#  define LOCKSTITCH_ADD(lvalue, value, order)                                                     \
    __extension__({                                                                                \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_old_, lockstitch_new_;                                \
      LOCKSTITCH_EXCHANGE_ (lvalue, value, order, lockstitch_old_, lockstitch_new_);               \
      if (LOCKSTITCH_ON ())                                                                        \
        lockstitch_update (&(lvalue), sizeof lockstitch_new_, LOCKSTITCH_TYPE_OF_ (lvalue),        \
                           LOCKSTITCH_BITS_ (lockstitch_new_), LOCKSTITCH_BITS_ (lockstitch_old_), \
                           (order));                                                               \
      lockstitch_old_;                                                                             \
    })

#else /* LOCKSTITCH_DISABLE */

#  define LOCKSTITCH_VALUE(lvalue) ((void) 0)
#  define LOCKSTITCH_READ(lvalue) (lvalue)
#  define LOCKSTITCH_WRITE(lvalue, value) ((lvalue) = (value))

#  define LOCKSTITCH_LOAD(lvalue, order)                                        \
    __extension__({                                                             \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_seen_;                             \
      __atomic_load (&(lvalue), &lockstitch_seen_, LOCKSTITCH_ATOMIC_ (order)); \
      lockstitch_seen_;                                                         \
    })

#  define LOCKSTITCH_STORE(lvalue, value, order)                                \
    __extension__({                                                             \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_new_ = (value);                    \
      __atomic_store (&(lvalue), &lockstitch_new_, LOCKSTITCH_ATOMIC_ (order)); \
      lockstitch_new_;                                                          \
    })

#  define LOCKSTITCH_ADD(lvalue, value, order)                                       \
    __extension__({                                                                  \
      LOCKSTITCH_TYPEOF_ (lvalue) lockstitch_old_, lockstitch_new_;                  \
      LOCKSTITCH_EXCHANGE_ (lvalue, value, order, lockstitch_old_, lockstitch_new_); \
      lockstitch_old_;                                                               \
    })

#endif

/* Adds by compare-exchange, which floats and pointers have too. */
#define LOCKSTITCH_EXCHANGE_(lvalue, value, order, old, new_)                                     \
  do {                                                                                            \
    LOCKSTITCH_TYPEOF_ (value) lockstitch_by_ = (value);                                          \
    __atomic_load (&(lvalue), &(old), __ATOMIC_RELAXED);                                          \
    do                                                                                            \
      (new_) = (LOCKSTITCH_TYPEOF_ (lvalue)) ((old) + lockstitch_by_);                            \
    while (!__atomic_compare_exchange (&(lvalue), &(old), &(new_), 0, LOCKSTITCH_ATOMIC_ (order), \
                                       LOCKSTITCH_ATOMIC_FAILED_ (order)));                       \
  } while (0)

#endif /* LOCKSTITCH_MACROS_H */
