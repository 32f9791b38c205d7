using System.Text.Json.Serialization.Metadata;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Contract;

/// <summary>A call of the contract: its name, what is sent and answered, and how an object in this process does it.</summary>
/// <remarks>How it is sent is found out when it is sent: a session that needs drivers of assemblies only never asks.</remarks>
internal abstract class DriverMethod<TQuestion, TAnswer>(
    string name, Func<JsonTypeInfo<TQuestion>> question, Func<JsonTypeInfo<TAnswer>> answer, Func<PluginTimeouts, double> seconds)
{
    public string Name => name;

    public JsonTypeInfo<TQuestion> Question => question();

    public JsonTypeInfo<TAnswer> Answer => answer();

    public double SecondsOf(PluginTimeouts timeouts) => seconds(timeouts);

    /// <param name="driver">Has the interface whose call this is: its plugin was asked for no other.</param>
    public abstract TAnswer Invoke(object driver, TQuestion asked, CancellationToken cancellation);
}

/// <summary>A call of one of the interfaces that a driver may have.</summary>
internal sealed class DriverMethod<TDriver, TQuestion, TAnswer>(
    string name,
    Func<JsonTypeInfo<TQuestion>> question,
    Func<JsonTypeInfo<TAnswer>> answer,
    Func<PluginTimeouts, double> seconds,
    Func<TDriver, TQuestion, CancellationToken, TAnswer> invoke) : DriverMethod<TQuestion, TAnswer>(name, question, answer, seconds)
{
    public override TAnswer Invoke(object driver, TQuestion asked, CancellationToken cancellation) =>
        invoke((TDriver)driver, asked, cancellation);
}
