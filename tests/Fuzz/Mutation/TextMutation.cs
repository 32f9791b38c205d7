using System.Text;

namespace PsContainers.Fuzz.Mutation;

/// <summary>Changes of a text by its words.</summary>
internal static class TextMutation
{
    /// <param name="words">What may come in.</param>
    /// <param name="separators">What words end at.</param>
    public static byte[] Apply(byte[] text, byte[] other, IReadOnlyList<string> words, string separators, Chance chance)
    {
        if (chance.OneIn(4))
        {
            return ByteMutation.Apply(text, other, chance);
        }

        var (parts, others) = (Split(Encoding.Latin1.GetString(text), separators), Split(Encoding.Latin1.GetString(other), separators));
        for (var count = 1 + chance.Below(3); count > 0; count--)
        {
            var index = chance.Below(parts.Count + 1);
            var source = others.Count > 0 && chance.OneIn(3) ? others : chance.OneIn(4) ? Vocabulary.Texts : words;
            var word = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(chance.Of(source)));
            switch (chance.Below(4))
            {
                case 0 when index < parts.Count:
                    parts.RemoveAt(index);
                    break;
                case 1 when index < parts.Count:
                    parts.Insert(index, parts[index]);
                    break;
                case 2:
                    parts.Insert(index, word);
                    break;
                default:
                    parts[Math.Min(index, parts.Count - 1) is var at and >= 0 ? at : Append(parts)] = word;
                    break;
            }
        }

        return Encoding.Latin1.GetBytes(string.Concat(parts));
    }

    private static int Append(List<string> parts)
    {
        parts.Add("");
        return 0;
    }

    // Words and what is between them, in turn.
    private static List<string> Split(string text, string separators)
    {
        var parts = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOfAny(separators.ToCharArray(), start);
            end = end < 0 ? text.Length : Math.Max(end, start + 1);
            parts.Add(text[start..end]);
            start = end;
        }

        return parts;
    }
}
