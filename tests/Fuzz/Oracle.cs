using System.Globalization;
using System.Text;

namespace PsContainers.Fuzz;

/// <summary>What is true of every outcome.</summary>
internal static class Oracle
{
    private const int MaximumMessage = 8 * 1024;

    public static void Holds(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new OracleException(otherwise);
        }
    }

    /// <summary>Looks at the message of a refusal, which is one readable line that says something.</summary>
    /// <returns>The message without what differs from input to input.</returns>
    public static string Refusal(Exception refusal)
    {
        var message = refusal.Message;
        Holds(message.Trim().Length > 0, $"{refusal.GetType().Name} without a message");
        Holds(message.Length <= MaximumMessage, $"the message of a {refusal.GetType().Name} has no end");
        Holds(!message.Any(char.IsControl), $"the message of a {refusal.GetType().Name} has control characters");
        Holds(!message.StartsWith("Exception of type", StringComparison.Ordinal), $"{refusal.GetType().Name} says nothing");
        return Shape(message);
    }

    /// <summary>A text without numbers, quotations, names and hexadecimal digits.</summary>
    public static string Shape(string text)
    {
        var shape = new StringBuilder();
        var isQuoted = false;
        foreach (var word in text.Split(' '))
        {
            var quotes = word.Count(c => c is '\'' or '`' or '‘');
            if (!isQuoted && quotes == 0 && word.Length is > 0 and < 16 && word.All(c => char.IsAsciiLetter(c) || c is ',' or '(' or ')'))
            {
                shape.Append(CultureInfo.InvariantCulture, $"{word} ");
            }

            isQuoted ^= quotes % 2 == 1;
        }

        return shape.ToString();
    }
}

/// <summary>Something that should be true and is not.</summary>
internal sealed class OracleException(string message) : Exception(message);
