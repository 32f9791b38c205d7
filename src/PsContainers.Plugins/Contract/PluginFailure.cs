namespace PsContainers.Plugins.Contract;

/// <summary>
/// A plugin that broke the contract, as opposed to a driver that refused. Never leaves this assembly: it becomes a
/// <see cref="Drivers.DriverException"/>, and counts towards the plugin's being given up for a while.
/// </summary>
/// <param name="message">What it did, to be read after the plugin's name: <c>did not answer attach within 30 seconds</c>.</param>
internal sealed class PluginFailure(string message, Exception? cause = null) : Exception(message, cause);
