using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Supervisor;

/// <summary>
/// The supervisor's life: one poll(2) over the process, its output and the control connections, until the process has ended.
/// </summary>
internal static unsafe class SupervisorLoop
{
    private const int Fixed = 9;
    private const int SIGWINCH = 28;
    private const int SizeOfSignalInformation = 128;

    internal static void Run(ref SupervisedContainer container)
    {
        var entries = stackalloc Kernel.PollEntry[Fixed + SupervisedContainer.MaximumClients];
        while (!container.HasExited)
        {
            var clients = container.ClientCount;
            Watch(entries, 0, container.Process.PidFd, Kernel.POLLIN);
            Watch(entries, 1, clients < SupervisedContainer.MaximumClients ? container.Listener : -1, Kernel.POLLIN);
            WatchStream(entries, 2, ref container.Output);
            WatchStream(entries, 4, ref container.Error);
            Watch(entries, 6, container.Signals, Kernel.POLLIN);
            WatchStream(entries, 7, ref container.Input);
            for (var i = 0; i < clients; i++)
            {
                Watch(entries, Fixed + i, container.Clients[i], Kernel.POLLIN);
            }

            Kernel.Poll(entries, Fixed + clients);
            Serve(ref container, ref container.Output, "stdout"u8, entries + 2);
            Serve(ref container, ref container.Error, "stderr"u8, entries + 4);
            ServeInput(ref container.Input, entries + 7);
            ServeClients(ref container, entries + Fixed, clients);
            if (entries[1].Seen != 0)
            {
                Accept(ref container);
            }

            if (entries[6].Seen != 0)
            {
                ForwardSignal(ref container);
            }

            if (entries[0].Seen != 0)
            {
                container.ExitCode = Kernel.Wait(Kernel.P_PIDFD, container.Process.PidFd, out container.ExitSignal);
                if (container.ExitCode < 0)
                {
                    ErrorReport.Say(Kernel.Literal("asking how the container ended"u8), -container.ExitCode);
                    container.ExitCode = LaunchExit.NoPlan;
                }

                container.HasExited = true;
            }
        }

        // The end of the first process ended all others of its pid namespace, so their output is in the pipes already.
        TakeRest(ref container, ref container.Output, "stdout"u8);
        TakeRest(ref container, ref container.Error, "stderr"u8);
    }

    /// <summary>
    /// Hands an attached reader what it has not fetched yet, after the end was recorded: a reader that stands still keeps nobody else
    /// waiting.
    /// </summary>
    internal static void Deliver(ref SupervisedContainer container)
    {
        var entries = stackalloc Kernel.PollEntry[2];
        container.Output.Push();
        container.Error.Push();
        while (container.Output.HasPending || container.Error.HasPending)
        {
            Watch(entries, 0, container.Output.HasPending ? container.Output.Sink : -1, Kernel.POLLOUT);
            Watch(entries, 1, container.Error.HasPending ? container.Error.Sink : -1, Kernel.POLLOUT);
            Kernel.Poll(entries, 2);
            container.Output.Push();
            container.Error.Push();
        }
    }

    private static void TakeRest(ref SupervisedContainer container, ref OutputStream stream, ReadOnlySpan<byte> name)
    {
        var length = stream.ReadRest(out var bytes);
        OutputLog.Append(ref container, ref stream, name, bytes, length);
        OutputLog.EndLine(ref container, ref stream, name);
    }

    private static void Serve(
        ref SupervisedContainer container, ref OutputStream stream, ReadOnlySpan<byte> name, Kernel.PollEntry* entries)
    {
        if (entries[1].Seen != 0)
        {
            stream.Push();
        }

        if (entries[0].Seen != 0)
        {
            Copy(ref container, ref stream, name);
        }
    }

    private static void Copy(ref SupervisedContainer container, ref OutputStream stream, ReadOnlySpan<byte> name)
    {
        var length = stream.Read(out var bytes);
        if (length > 0)
        {
            OutputLog.Append(ref container, ref stream, name, bytes, length);
            stream.Offer(length);
        }
    }

    private static void ServeInput(ref OutputStream input, Kernel.PollEntry* entries)
    {
        if (entries[1].Seen != 0)
        {
            input.Push();
        }

        if (entries[0].Seen != 0)
        {
            var length = input.Read(out _);
            if (length > 0)
            {
                input.Offer(length);
            }
        }
    }

    private static void ForwardSignal(ref SupervisedContainer container)
    {
        var information = stackalloc byte[SizeOfSignalInformation];
        if (Kernel.Read(container.Signals, information, SizeOfSignalInformation) == SizeOfSignalInformation)
        {
            var signal = *(int*)information;
            if (signal == SIGWINCH)
            {
                Terminal.Resize(ref container);
            }
            else
            {
                Kernel.SignalProcess(container.Process.PidFd, signal);
            }
        }
    }

    private static void Accept(ref SupervisedContainer container)
    {
        var client = Kernel.Accept(container.Listener);
        if (client >= 0)
        {
            container.Clients[container.ClientCount++] = client;
        }
    }

    private static void ServeClients(ref SupervisedContainer container, Kernel.PollEntry* entries, int count)
    {
        // From the end, so that a removal moves only clients that were served already.
        for (var i = count - 1; i >= 0; i--)
        {
            if (entries[i].Seen != 0 && !Answer(ref container, container.Clients[i]))
            {
                Kernel.Close(container.Clients[i]);
                container.Clients[i] = container.Clients[--container.ClientCount];
            }
        }
    }

    private static bool Answer(ref SupervisedContainer container, int client)
    {
        ControlRequest request;
        if (Kernel.Receive(client, (byte*)&request, sizeof(ControlRequest)) != sizeof(ControlRequest))
        {
            return false;
        }

        switch (request.Operation)
        {
            case ControlOperation.Wait:
                return true;
            case ControlOperation.Signal:
                var result = Kernel.SignalProcess(container.Process.PidFd, request.Argument);
                return Kernel.Send(client, (byte*)&result, sizeof(int)) == sizeof(int);
            case ControlOperation.Resize:
                var resized = Terminal.Resize(ref container, request.Argument >> 16 & 0xffff, request.Argument & 0xffff);
                return Kernel.Send(client, (byte*)&resized, sizeof(int)) == sizeof(int);
            default:
                return false;
        }
    }

    private static void Watch(Kernel.PollEntry* entries, int index, int fd, short wanted) =>
        entries[index] = new Kernel.PollEntry { Descriptor = fd, Wanted = wanted };

    private static void WatchStream(Kernel.PollEntry* entries, int index, ref OutputStream stream)
    {
        Watch(entries, index, stream.HasPending ? -1 : stream.Source, Kernel.POLLIN);
        Watch(entries, index + 1, stream.HasPending ? stream.Sink : -1, Kernel.POLLOUT);
    }
}
