using PsContainers.Linux.Bare;

namespace PsContainers.Launcher;

/// <summary>
/// `[--root DIR] [--log FILE] [--log-format FORMAT] [--systemd-cgroup] COMMAND [--force] ID`: the command lines that need no runtime to
/// be understood. All others are the managed half's, which says them again in this form.
/// </summary>
internal unsafe ref struct BareOptions
{
    internal byte* Root;
    internal byte* Log;
    internal bool HasJsonLog;
    internal byte* Command;
    internal byte* Id;
    internal bool IsForced;

    /// <summary>False for anything else than just this form.</summary>
    internal static bool TryParse(int count, byte** arguments, out BareOptions options)
    {
        options = new BareOptions { Root = Kernel.Literal("/run/psc-runtime"u8) };
        for (var i = 1; i < count; i++)
        {
            if (Kernel.Equal(arguments[i], "--systemd-cgroup"u8))
            {
                continue;
            }

            if (options.Command != null && (Kernel.Equal(arguments[i], "--force"u8) || Kernel.Equal(arguments[i], "-f"u8)))
            {
                options.IsForced = true;
            }
            else if (arguments[i][0] == '-')
            {
                if (options.Command != null || !options.TrySet(arguments, count, ref i))
                {
                    return false;
                }
            }
            else if (options.Command == null)
            {
                options.Command = arguments[i];
            }
            else if (options.Id == null)
            {
                options.Id = arguments[i];
            }
            else
            {
                return false;
            }
        }

        return options.Id != null && IsName(options.Id);
    }

    /// <summary>`ROOT/ID`, in the caller's memory.</summary>
    internal readonly bool TryDirectory(ref Text path)
    {
        path.Add(Root);
        path.Add("/"u8);
        path.Add(Id);
        return !path.IsCut;
    }

    /// <summary>This command's log in place of the one that `create` was given.</summary>
    internal readonly void Apply(Plan plan) => plan.SetErrorLog(Log, HasJsonLog);

    internal readonly void Report(ref Text message)
    {
        ErrorReport.Say(message.Pointer);
        if (Log != null)
        {
            ErrorReport.Append(Log, HasJsonLog, ref message);
        }
    }

    private bool TrySet(byte** arguments, int count, ref int index)
    {
        var argument = Kernel.Span(arguments[index]);
        var equals = argument.IndexOf((byte)'=');
        var name = equals < 0 ? argument : argument[..equals];
        if (equals < 0 && index + 1 >= count)
        {
            return false;
        }

        var value = equals < 0 ? arguments[index + 1] : arguments[index] + equals + 1;
        if (name.SequenceEqual("--root"u8))
        {
            Root = value;
        }
        else if (name.SequenceEqual("--log"u8))
        {
            Log = value;
        }
        else if (name.SequenceEqual("--log-format"u8) && (Kernel.Equal(value, "json"u8) || Kernel.Equal(value, "text"u8)))
        {
            HasJsonLog = Kernel.Equal(value, "json"u8);
        }
        else
        {
            return false;
        }

        index += equals < 0 ? 1 : 0;
        return true;
    }

    private static bool IsName(byte* id)
    {
        var span = Kernel.Span(id);
        return !span.IsEmpty && !span.Contains((byte)'/') && !span.SequenceEqual("."u8) && !span.SequenceEqual(".."u8);
    }
}
