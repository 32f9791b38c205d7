// Runs a command as a subreaper and then waits for every process that has become its child: one line each, "child CODE".
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    (void)argc;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    pid_t command = fork();
    if (command == 0) {
        execv(argv[1], argv + 1);
        _exit(127);
    }
    int status;
    pid_t child;
    while ((child = wait(&status)) > 0) {
        if (child != command)
            printf("%d %d\n", child, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    return 0;
}
