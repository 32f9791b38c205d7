using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins;

/// <summary>Calls a plugin's driver, and believes no answer before it was completed and checked.</summary>
internal sealed class CheckedCalls(string plugin, LazyChannel channel)
{
    /// <summary>The plugin's process, while there is one.</summary>
    public int? ProcessId => channel.ProcessId;

    public TAnswer Ask<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method,
        TQuestion question,
        Func<TAnswer, TAnswer?> complete,
        Func<TAnswer?, JsonMismatch?> check,
        CancellationToken cancellation)
        where TAnswer : class
    {
        var answer = complete(channel.Call(method, question, cancellation));
        return check(answer) is { } mismatch
            ? throw new DriverException($"plugin {plugin} answered {method.Name} with {mismatch}", DriverErrorKind.Failed, mismatch.Field)
            : answer!;
    }

    /// <summary>Of a call that has nothing to say but that it is done.</summary>
    public void Tell<TQuestion>(DriverMethod<TQuestion, Done> method, TQuestion question, CancellationToken cancellation) =>
        channel.Call(method, question, cancellation);
}
