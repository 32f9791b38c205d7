// An agent for system calls that a filter hands over: listens at a path, prints the state that comes with the listener, and then answers
// each call with the errno given, or with success for 0. One line per call, its number; ends when the filter's last process has gone.
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int receive(int connection, char *text, size_t size)
{
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec vector = { text, size - 1 };
    struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    ssize_t length = recvmsg(connection, &message, 0);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (length < 0 || !header)
        return -1;
    int fd;
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
    while (length < (ssize_t)size - 1) {
        ssize_t more = read(connection, text + length, size - 1 - length);
        if (more <= 0)
            break;
        length += more;
    }
    text[length] = 0;
    return fd;
}

int main(int argc, char **argv)
{
    static char text[65536];
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    (void)argc;
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1))
        return 1;
    puts("listens");
    int calls = receive(accept(listener, NULL, NULL), text, sizeof text);
    printf("%s\n", text);
    for (;;) {
        struct pollfd entry = { calls, POLLIN, 0 };
        if (poll(&entry, 1, -1) < 0 || !(entry.revents & POLLIN))
            return 0;
        struct seccomp_notif call;
        memset(&call, 0, sizeof call);
        if (ioctl(calls, SECCOMP_IOCTL_NOTIF_RECV, &call))
            continue;
        printf("call %d\n", call.data.nr);
        struct seccomp_notif_resp answer = { .id = call.id, .error = -atoi(argv[2]) };
        ioctl(calls, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}
