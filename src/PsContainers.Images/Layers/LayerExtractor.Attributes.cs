using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Owner, mode, extended attributes and times.</summary>
internal sealed partial class LayerExtractor
{
    private const string OverlayAttributes = "trusted.overlay.";
    private const string Capability = "security.capability";

    private static void SetAttributes(DirectoryDescriptor directory, TarEntry entry)
    {
        directory.SetOwner(entry.UserId, entry.GroupId);
        directory.SetMode(entry.Mode);
        foreach (var (attribute, value) in entry.Attributes)
        {
            Attribute(attribute, () => directory.SetAttribute(attribute, value));
        }
    }

    private static void SetAttributesOf(DirectoryDescriptor directory, string name, TarEntry entry)
    {
        directory.SetOwner(name, entry.UserId, entry.GroupId);
        if (entry.Kind != TarEntryKind.SymbolicLink)
        {
            directory.SetMode(name, entry.Mode);
        }

        foreach (var (attribute, value) in entry.Attributes)
        {
            Attribute(attribute, () => directory.SetAttribute(name, attribute, value));
        }

        directory.SetModified(name, entry.Modified);
    }

    private static void Attribute(string attribute, Action set)
    {
        // The redirects and origins that overlay keeps there would lead a layer to where it does not belong.
        if (attribute.StartsWith(OverlayAttributes, StringComparison.Ordinal))
        {
            throw new ImageFormatException($"the extended attribute '{attribute}' steers the overlay file system");
        }

        // Labels are the host's policy, not the image's.
        if (attribute == "security.selinux")
        {
            return;
        }

        try
        {
            set();
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP && attribute != Capability)
        {
            // This file system has no such attributes; nothing but capabilities is worth refusing an image for.
        }
        catch (LinuxException e) when (e.Errno != Errno.EIO)
        {
            throw new ImageFormatException($"the extended attribute '{attribute}' cannot be set: {LinuxException.Describe(e.Errno)}");
        }
    }

    private void Remember(LayerPath path, FileTime time)
    {
        _directoryNames += path.Value.Length;
        if (_directoryNames > limits.MaximumDirectoryNames)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"the names of the layer's directories have more than the {limits.MaximumDirectoryNames} characters that are allowed"));
        }

        _directoryTimes[path.Value] = time;
    }

    private void SetDirectoryTimes(CancellationToken stop)
    {
        if (_hasRootEntry)
        {
            tree.Root.SetModified(_directoryTimes[""]);
        }

        foreach (var (path, time) in _directoryTimes)
        {
            stop.ThrowIfCancellationRequested();
            var known = path.Length == 0 ? LayerPath.Root : LayerPath.Parse(path);
            tree.BeginEntry();

            // A later entry may have put something else there, or removed it with its parent.
            if (!known.IsRoot && tree.TryDirectory(known.Parent) is { } parent
                && parent.StatusOf(known.Name) is { Kind: FileKind.Directory })
            {
                parent.SetModified(known.Name, time);
            }
        }
    }
}
