using System.Data.Common;
using System.Management.Automation;
using PsContainers.Drivers;

namespace PsContainers.Cmdlets;

/// <summary>Failures of the engine as PowerShell reports them: a stable id, a category, the object it was about.</summary>
internal static class EngineFailure
{
    /// <summary>The record for a failure a user can meet; null for anything else, which is a defect and surfaces as such.</summary>
    public static ErrorRecord? RecordOf(Exception failure, object? target) => failure switch
    {
        ContainerEngineException e => new ErrorRecord(e, e.ErrorId, CategoryOf(e.Kind), e.Target ?? target),
        DriverException e => new ErrorRecord(e, "Plugin" + e.Kind, CategoryOf(e.Kind), target),
        UnauthorizedAccessException e => new ErrorRecord(e, "AccessDenied", ErrorCategory.PermissionDenied, target),

        // A failed system call is one of these (LinuxException).
        IOException e => new ErrorRecord(e, "SystemFailure", ErrorCategory.ResourceUnavailable, target),

        // The store is damaged, full, or held by somebody for too long. SQLite's own exception lies in the engine's load context.
        DbException e => new ErrorRecord(e, "StoreFailure", ErrorCategory.ResourceUnavailable, target),
        _ => null,
    };

    private static ErrorCategory CategoryOf(DriverErrorKind kind) => kind switch
    {
        DriverErrorKind.InvalidRequest => ErrorCategory.InvalidArgument,
        DriverErrorKind.Unsupported => ErrorCategory.NotImplemented,
        DriverErrorKind.InUse or DriverErrorKind.Exhausted => ErrorCategory.ResourceBusy,
        DriverErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
        _ => ErrorCategory.OperationStopped,
    };

    private static ErrorCategory CategoryOf(EngineErrorKind kind) => kind switch
    {
        EngineErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        EngineErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        EngineErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        EngineErrorKind.InvalidState => ErrorCategory.InvalidOperation,
        EngineErrorKind.InUse => ErrorCategory.ResourceBusy,
        EngineErrorKind.InvalidData => ErrorCategory.InvalidData,
        EngineErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        EngineErrorKind.Timeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.OperationStopped,
    };
}
