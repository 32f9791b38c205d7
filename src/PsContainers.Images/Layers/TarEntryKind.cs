namespace PsContainers.Images.Layers;

/// <summary>What a tar entry makes: the type flag of its header.</summary>
public enum TarEntryKind
{
    File = '0',
    HardLink = '1',
    SymbolicLink = '2',
    CharacterDevice = '3',
    BlockDevice = '4',
    Directory = '5',
    Fifo = '6',
}
