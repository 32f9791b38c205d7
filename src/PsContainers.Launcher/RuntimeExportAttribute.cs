#pragma warning disable IDE0130 // ILC finds the attribute by this full name; CoreLib's own is internal.
namespace System.Runtime;

/// <summary>
/// Exports a static method under a C name, callable before the runtime is up (UnmanagedCallersOnly would switch threads).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string Entry { get; } = entry;
}
#pragma warning restore IDE0130
