// Takes memory, megabyte after megabyte up to the given number, and says how far it came.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments)
{
    int megabytes = count > 1 ? atoi(arguments[1]) : 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    for (int i = 1; i <= megabytes; i++) {
        char *block = malloc(1 << 20);
        if (!block)
            return 3;
        memset(block, i, 1 << 20);
        printf("%d\n", i);
    }
    return 0;
}
