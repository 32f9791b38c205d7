using System.Security.Cryptography;
using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Volumes;

/// <summary>The rules of a volume's name.</summary>
internal static class VolumeName
{
    private const int LongestName = 128;
    private const int IdLength = 64;

    /// <summary>64 random hexadecimal digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <exception cref="ContainerEngineException">VolumeNameInvalid</exception>
    public static void Check(string name)
    {
        // A name that reads like a whole id would hide the volume that has that id.
        var isMade = name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        if (!isMade || (name.Length == IdLength && name.All(char.IsAsciiHexDigitLower)))
        {
            throw VolumeErrors.NameInvalid(name);
        }
    }
}
