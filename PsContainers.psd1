@{
    NestedModules          = @('module/bin/PsContainers.Cmdlets.dll')
    ModuleVersion          = '0.1.0'
    GUID                   = '6f0c1c5e-6c0e-4a57-9d6b-6b1f3d2a8e41'
    Author                 = 'The PsContainers developers'
    Copyright              = '(c) The PsContainers developers. MIT License.'
    Description            = 'A container engine for Linux that is a PowerShell module: images and containers as objects, no daemon.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    ProcessorArchitecture  = 'None'
    FormatsToProcess       = @('module/PsContainers.Format.ps1xml')
    TypesToProcess         = @('module/PsContainers.Types.ps1xml')
    CmdletsToExport        = @(
        'Get-Container', 'New-Container', 'Start-Container', 'Stop-Container', 'Wait-Container', 'Remove-Container'
        'Suspend-Container', 'Resume-Container', 'Set-Container', 'Send-ContainerSignal'
        'Invoke-Container', 'Invoke-ContainerCommand', 'Enter-Container', 'Get-ContainerLog'
        'Import-ContainerImage', 'Get-ContainerImage', 'Remove-ContainerImage'
        'Add-ContainerImageTag'
        'Remove-ContainerImageTag'
        'Get-ContainerImageHistory'
        'Get-ContainerImageLayer'
        'Receive-ContainerImage'
        'Publish-ContainerImage'
        'Connect-ContainerRegistry'
        'Disconnect-ContainerRegistry'
        'Find-ContainerImage'
        'New-ContainerManifest', 'Get-ContainerManifest', 'Set-ContainerManifest', 'Remove-ContainerManifest'
        'Add-ContainerManifestImage', 'Remove-ContainerManifestImage'
        'Export-ContainerImage'
        'Compare-Container'
        'Compare-ContainerImage'
        'ConvertTo-ContainerImage'
        'Export-Container'
        'Mount-ContainerImage'
        'Dismount-ContainerImage'
        'Measure-ContainerStorage'
        'Clear-ContainerStorage'
        'Test-ContainerStorage'
        'Repair-ContainerStorage'
        'New-ContainerVolume', 'Get-ContainerVolume', 'Remove-ContainerVolume', 'Rename-ContainerVolume', 'Copy-ContainerVolume'
        'Export-ContainerVolume', 'Import-ContainerVolume', 'Mount-ContainerVolume', 'Dismount-ContainerVolume'
        'New-ContainerNetwork', 'Get-ContainerNetwork', 'Set-ContainerNetwork', 'Remove-ContainerNetwork'
        'Connect-ContainerNetwork', 'Disconnect-ContainerNetwork', 'Repair-ContainerNetwork', 'Get-ContainerPort'
        'Get-ContainerPlugin', 'Register-ContainerPlugin', 'Unregister-ContainerPlugin', 'Test-ContainerPlugin'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags       = @('Linux', 'Container', 'OCI', 'PSEdition_Core')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
