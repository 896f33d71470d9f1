/*
 * Names that src/ does not use, each with what it uses instead; included before everything by the
 * build. A use is a warning, hence an error for us. A place that has to (and says why) opens it
 * with #pragma GCC diagnostic ignored "-Wdeprecated-declarations".
 */
#pragma once

#ifndef BANNED_ALLOWED

#include <sys/types.h>

#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wstrict-prototypes"
#endif

#define BANNED(instead) __attribute__((deprecated("banned: use " instead)))

struct _IO_FILE;
struct in_addr;
struct tm;

char *strcpy(char *, const char *) BANNED("struct text");
char *strcat(char *, const char *) BANNED("struct text");
char *strncpy(char *, const char *, size_t) BANNED("struct text");
char *strncat(char *, const char *, size_t) BANNED("struct text");
int sprintf(char *, const char *, ...) BANNED("text_format()");
int vsprintf(char *, const char *, __builtin_va_list) BANNED("text_vformat()");
char *strtok(char *, const char *) BANNED("struct lex");
char *gets(char *) BANNED("struct stream");
int atoi(const char *) BANNED("base/num.h");
long strtol(const char *, char **, int) BANNED("base/num.h");
struct tm *localtime(const time_t *) BANNED("localtime_r()");
struct tm *gmtime(const time_t *) BANNED("gmtime_r()");
char *inet_ntoa(struct in_addr) BANNED("addr_print()");
int rand(void) BANNED("a seed that is given");
void (*signal(int, void (*)(int)))(int) BANNED("loop/signal.h");
int system(const char *) BANNED("loop/child.h");
struct _IO_FILE *popen(const char *, const char *) BANNED("loop/child.h");
pid_t fork(void) BANNED("loop/child.h");
int usleep(__useconds_t) BANNED("a timer");
unsigned int sleep(unsigned int) BANNED("a timer");

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
