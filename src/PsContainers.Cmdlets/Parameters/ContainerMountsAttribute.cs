using System.Collections;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>
/// Takes <c>type=bind,source=/srv,target=/data</c> as <c>docker run --mount</c> does, a hashtable with the properties of
/// <see cref="ContainerMount"/>, a volume from <c>Get-ContainerVolume</c> in such a hashtable, or what <c>Get-Container</c> shows.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ContainerMountsAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] _members = [.. typeof(ContainerMount).GetProperties().Select(property => property.Name)];

    /// <summary>How a text is read.</summary>
    public MountNotation Notation { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        MountTexts.Joined(Unwrapped.Items(inputData), Notation).Select(Read).ToArray();

    private ContainerMount Read(object? item)
    {
        try
        {
            return item switch
            {
                ContainerMount mount => mount,
                IDictionary table => OfTable(table),
                null => throw new FormatException("a mount cannot be nothing"),
                _ => Parse(LanguagePrimitives.ConvertTo<string>(item)),
            };
        }
        catch (Exception e) when (e is FormatException or PSInvalidCastException)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    private ContainerMount Parse(string text) => Notation switch
    {
        MountNotation.Volume => ContainerMount.ParseVolume(text),
        MountNotation.Tmpfs => ContainerMount.ParseTmpfs(text),
        _ => ContainerMount.Parse(text),
    };

    private static ContainerMount OfTable(IDictionary table)
    {
        var members = new MountMembers(Unwrapped.Members(table, _members));
        var mount = new ContainerMount
        {
            Target = members.Text(nameof(ContainerMount.Target)) ?? throw new FormatException("a hashtable for a mount needs Target"),
            Source = members.Text(nameof(ContainerMount.Source)),
            ReadOnly = members.Switch(nameof(ContainerMount.ReadOnly)) ?? false,
            BindRecursive = members.Text(nameof(ContainerMount.BindRecursive))?.ToLowerInvariant(),
            Propagation = members.Text(nameof(ContainerMount.Propagation))?.ToLowerInvariant(),
            NoSuid = members.Switch(nameof(ContainerMount.NoSuid)),
            NoDev = members.Switch(nameof(ContainerMount.NoDev)),
            NoExec = members.Switch(nameof(ContainerMount.NoExec)),
            CreateSource = members.Switch(nameof(ContainerMount.CreateSource)) ?? false,
            IdMap = members.Switch(nameof(ContainerMount.IdMap)) ?? false,
            Subpath = members.Text(nameof(ContainerMount.Subpath)),
            NoCopy = members.Switch(nameof(ContainerMount.NoCopy)) ?? false,
            VolumeDriver = members.Text(nameof(ContainerMount.VolumeDriver)),
            VolumeOption = members.Pairs(nameof(ContainerMount.VolumeOption)),
            VolumeLabel = members.Pairs(nameof(ContainerMount.VolumeLabel)),
            Size = members.Size(nameof(ContainerMount.Size)),
            Mode = members.Mode(nameof(ContainerMount.Mode)),
        };
        return mount with { Type = members.Type(nameof(ContainerMount.Type)) ?? TypeOf(mount) };
    }

    // As -Volume tells them apart.
    private static ContainerMountType TypeOf(ContainerMount mount) =>
        mount.Source is { Length: > 0 } source && (source.AsSpan().IndexOfAny('/', '\\') >= 0 || source[0] is '.' or '~')
            ? ContainerMountType.Bind
            : ContainerMountType.Volume;
}
