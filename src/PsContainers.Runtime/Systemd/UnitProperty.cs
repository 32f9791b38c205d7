using PsContainers.Linux.DBus;

namespace PsContainers.Runtime.Systemd;

/// <summary>A property of a unit as org.freedesktop.systemd1(5) names it.</summary>
/// <param name="Value">
/// A <see cref="bool"/>, <see cref="string"/> or <see cref="ulong"/>; an array of bytes, of <see cref="uint"/>, or of pairs of texts.
/// </param>
public sealed record UnitProperty(string Name, object Value)
{
    /// <summary>No limit, where a property is a number of bytes, of tasks or of microseconds.</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>`(sv)`.</summary>
    internal void Write(BusWriter writer)
    {
        writer.Align(BusWriter.WideAlignment).Text(Name);
        _ = Value switch
        {
            bool flag => writer.Signature("b").Boolean(flag),
            string text => writer.Signature("s").Text(text),
            ulong number => writer.Signature("t").UInt64(number),
            byte[] bytes => writer.Signature("ay").Bytes(bytes),
            uint[] all => writer.Signature("au").Array(BusWriter.Alignment, list => Array.ForEach(all, number => list.UInt32(number))),
            (string, string)[] all => writer.Signature("a(ss)").Array(
                BusWriter.WideAlignment, list => Array.ForEach(all, pair => Pair(list, pair))),
            _ => throw new ArgumentException($"{Name} is a {Value.GetType()}", nameof(writer)),
        };
    }

    private static void Pair(BusWriter writer, (string First, string Second) pair) =>
        writer.Align(BusWriter.WideAlignment).Text(pair.First).Text(pair.Second);
}
