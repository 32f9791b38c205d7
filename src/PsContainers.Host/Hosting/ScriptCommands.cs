using System.Management.Automation.Runspaces;
using PsContainers.Host.Internals;
using PsContainers.Host.Management;
using PsContainers.Host.Utility;

namespace PsContainers.Host.Hosting;

/// <summary>What every script needs of PowerShell's Utility and Management modules, which are on no package feed.</summary>
internal static class ScriptCommands
{
    private static readonly SessionStateCmdletEntry[] _utility =
    [
        new("ConvertTo-Json", typeof(ConvertToJsonCommand), null),
        new("Format-List", typeof(FormatListCommand), null),
        new("Format-Table", typeof(FormatTableCommand), null),
        new("Get-Date", typeof(GetDateCommand), null),
        new("Get-Member", typeof(GetMemberCommand), null),
        new("Group-Object", typeof(GroupObjectCommand), null),
        new("Measure-Command", typeof(MeasureCommandCommand), null),
        new("Measure-Object", typeof(MeasureObjectCommand), null),
        new("Out-File", typeof(OutFileCommand), null),
        new("Out-String", typeof(OutStringCommand), null),
        new("Read-Host", typeof(ReadHostCommand), null),
        new("Select-Object", typeof(SelectObjectCommand), null),
        new("Sort-Object", typeof(SortObjectCommand), null),
        new("Start-Sleep", typeof(StartSleepCommand), null),
        new("Write-Debug", typeof(WriteDebugCommand), null),
        new("Write-Error", typeof(WriteErrorCommand), null),
        new("Write-Host", typeof(WriteHostCommand), null),
        new("Write-Information", typeof(WriteInformationCommand), null),
        new("Write-Output", typeof(WriteOutputCommand), null),
        new("Write-Progress", typeof(WriteProgressCommand), null),
        new("Write-Verbose", typeof(WriteVerboseCommand), null),
        new("Write-Warning", typeof(WriteWarningCommand), null),
    ];

    private static readonly SessionStateCmdletEntry[] _management =
    [
        new("Get-ChildItem", typeof(GetChildItemCommand), null),
        new("Get-Content", typeof(GetContentCommand), null),
        new("Get-Item", typeof(GetItemCommand), null),
        new("Get-Location", typeof(GetLocationCommand), null),
        new("Join-Path", typeof(JoinPathCommand), null),
        new("New-Item", typeof(NewItemCommand), null),
        new("Remove-Item", typeof(RemoveItemCommand), null),
        new("Resolve-Path", typeof(ResolvePathCommand), null),
        new("Set-Content", typeof(SetContentCommand), null),
        new("Set-Location", typeof(SetLocationCommand), null),
        new("Split-Path", typeof(SplitPathCommand), null),
        new("Test-Path", typeof(TestPathCommand), null),
    ];

    // Under the names of pwsh's modules: the engine's own completion of members asks for Microsoft.PowerShell.Utility\Sort-Object.
    public static void AddTo(InitialSessionState state)
    {
        EngineInternals.Attribute(_utility, "Microsoft.PowerShell.Utility");
        EngineInternals.Attribute(_management, "Microsoft.PowerShell.Management");
        state.Commands.Add([.. _utility, .. _management]);
    }
}
