using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>A name in an archive, checked and brought into the form `a/b/c`; empty is the root itself.</summary>
internal readonly record struct LayerPath
{
    internal const int MaximumPath = 4095; // PATH_MAX with its NUL

    private const int MaximumComponent = 255; // NAME_MAX

    private LayerPath(string value) => Value = value;

    internal string Value { get; }

    internal static LayerPath Root { get; } = new("");

    internal bool IsRoot => Value.Length == 0;

    internal LayerPath Parent => new(Value[..Math.Max(0, Value.LastIndexOf('/'))]);

    internal string Name => Value[(Value.LastIndexOf('/') + 1)..];

    internal string[] Components => Value.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Refuses the path of a file of this machine that no image can hold; this also bounds how deep a walk goes.</summary>
    internal static void CheckLength(string path)
    {
        if (path.Length > MaximumPath / 3 && FileName.Encode(path).Length > MaximumPath)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture, $"'{path[..64]}…' is longer than the {MaximumPath} bytes that an image can hold"));
        }
    }

    /// <summary>A leading slash means the root of the layer, as every other engine takes it.</summary>
    internal static LayerPath Parse(string name)
    {
        if (name.Length == 0)
        {
            throw new ImageFormatException("the name is empty");
        }

        // No character takes less than a byte, so a short text needs no count.
        if (name.Length > MaximumPath / 3 && FileName.Encode(name).Length > MaximumPath)
        {
            throw new ImageFormatException(string.Create(CultureInfo.InvariantCulture, $"the name is longer than {MaximumPath} bytes"));
        }

        var isClean = true;
        foreach (var part in name.AsSpan().Split('/'))
        {
            var component = name.AsSpan(part);
            isClean &= !component.IsEmpty && component is not ".";
            if (component is "..")
            {
                throw new ImageFormatException("the name climbs with '..'");
            }

            if (component.Length > MaximumComponent / 3 && FileName.Encode(component.ToString()).Length > MaximumComponent)
            {
                throw new ImageFormatException(string.Create(
                    CultureInfo.InvariantCulture, $"a part of the name is longer than {MaximumComponent} bytes"));
            }
        }

        return new(isClean ? name : string.Join('/', name.Split('/').Where(c => c is not ("" or "."))));
    }
}
