namespace PsContainers.Runtime.Launch;

/// <summary>Attributes that a mount gets and loses; all others stay as they are. mount_setattr(2)</summary>
public readonly record struct AttributeChange(MountAttributes Set, MountAttributes Clear)
{
    public bool IsNone => (Set | Clear) == MountAttributes.None;

    /// <summary>Both in one number, as a step carries them: what is set in the low half, what is cleared in the high one.</summary>
    internal ulong Packed => (ulong)Set | ((ulong)Clear << 32);

    /// <summary>Adds one attribute, which takes back what was said before about it.</summary>
    internal AttributeChange With(MountAttributes attribute) => new(Set | attribute, Clear & ~attribute);

    internal AttributeChange Without(MountAttributes attribute) => new(Set & ~attribute, Clear | attribute);

    /// <summary>The access-time setting is one of three: the new value replaces any other.</summary>
    internal AttributeChange WithAccessTime(MountAttributes value) =>
        new((Set & ~MountAttributes.ATime) | value, Clear | MountAttributes.ATime);

    /// <summary>Takes a value back; with no other said, the kernel's default (relatime) is left.</summary>
    internal AttributeChange WithoutAccessTime(MountAttributes value) => new(Set & ~value, Clear | MountAttributes.ATime);
}
