using System.Management.Automation.Runspaces;
using PsContainers.Host.Management;
using PsContainers.Host.Utility;

namespace PsContainers.Host.Hosting;

/// <summary>What every script needs of PowerShell's Utility and Management modules, which are on no package feed.</summary>
internal static class ScriptCommands
{
    public static void AddTo(InitialSessionState state) => state.Commands.Add(
    [
        new SessionStateCmdletEntry("ConvertTo-Json", typeof(ConvertToJsonCommand), null),
        new SessionStateCmdletEntry("Format-List", typeof(FormatListCommand), null),
        new SessionStateCmdletEntry("Format-Table", typeof(FormatTableCommand), null),
        new SessionStateCmdletEntry("Get-Date", typeof(GetDateCommand), null),
        new SessionStateCmdletEntry("Get-Member", typeof(GetMemberCommand), null),
        new SessionStateCmdletEntry("Group-Object", typeof(GroupObjectCommand), null),
        new SessionStateCmdletEntry("Measure-Command", typeof(MeasureCommandCommand), null),
        new SessionStateCmdletEntry("Measure-Object", typeof(MeasureObjectCommand), null),
        new SessionStateCmdletEntry("Out-File", typeof(OutFileCommand), null),
        new SessionStateCmdletEntry("Out-String", typeof(OutStringCommand), null),
        new SessionStateCmdletEntry("Read-Host", typeof(ReadHostCommand), null),
        new SessionStateCmdletEntry("Select-Object", typeof(SelectObjectCommand), null),
        new SessionStateCmdletEntry("Sort-Object", typeof(SortObjectCommand), null),
        new SessionStateCmdletEntry("Start-Sleep", typeof(StartSleepCommand), null),
        new SessionStateCmdletEntry("Write-Debug", typeof(WriteDebugCommand), null),
        new SessionStateCmdletEntry("Write-Error", typeof(WriteErrorCommand), null),
        new SessionStateCmdletEntry("Write-Host", typeof(WriteHostCommand), null),
        new SessionStateCmdletEntry("Write-Information", typeof(WriteInformationCommand), null),
        new SessionStateCmdletEntry("Write-Output", typeof(WriteOutputCommand), null),
        new SessionStateCmdletEntry("Write-Progress", typeof(WriteProgressCommand), null),
        new SessionStateCmdletEntry("Write-Verbose", typeof(WriteVerboseCommand), null),
        new SessionStateCmdletEntry("Write-Warning", typeof(WriteWarningCommand), null),

        new SessionStateCmdletEntry("Get-ChildItem", typeof(GetChildItemCommand), null),
        new SessionStateCmdletEntry("Get-Content", typeof(GetContentCommand), null),
        new SessionStateCmdletEntry("Get-Item", typeof(GetItemCommand), null),
        new SessionStateCmdletEntry("Get-Location", typeof(GetLocationCommand), null),
        new SessionStateCmdletEntry("Join-Path", typeof(JoinPathCommand), null),
        new SessionStateCmdletEntry("New-Item", typeof(NewItemCommand), null),
        new SessionStateCmdletEntry("Remove-Item", typeof(RemoveItemCommand), null),
        new SessionStateCmdletEntry("Set-Content", typeof(SetContentCommand), null),
        new SessionStateCmdletEntry("Set-Location", typeof(SetLocationCommand), null),
        new SessionStateCmdletEntry("Split-Path", typeof(SplitPathCommand), null),
        new SessionStateCmdletEntry("Test-Path", typeof(TestPathCommand), null),
    ]);
}
