using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using PsContainers.Host.Prompt;

namespace PsContainers.Host.Hosting;

/// <summary>What PowerShell asks its user: missing parameters, confirmations, credentials.</summary>
internal sealed class Questions(ConsoleStreams streams, bool isInteractive, Interruption interruption)
{
    private readonly TypedAnswer _typed = new(streams.Output, interruption);

    public string ReadLine() => Read(isShown: true);

    public SecureString ReadSecret()
    {
        var secret = new SecureString();
        foreach (var character in Read(isShown: false))
        {
            secret.AppendChar(character);
        }

        return secret;
    }

    public Dictionary<string, PSObject> AskFields(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireUser();
        WriteHeading(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            answers[field.Name] = new PSObject(AskField(field));
        }

        return answers;
    }

    public int Choose(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireUser();
        WriteHeading(caption, message);
        var keys = choices.Select(choice => KeyOf(choice.Label)).ToArray();
        var labels = choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal));
        var offer = string.Join("  ", labels.Select((label, i) => $"[{keys[i]}] {label}").Append("[?] Help"));
        while (true)
        {
            streams.Output.Write(defaultChoice >= 0 ? $"{offer} (default is \"{keys[defaultChoice]}\"): " : $"{offer}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            if (answer == "?")
            {
                WriteHelp(keys, choices);
                continue;
            }

            var choice = Array.FindIndex(keys, key => key.Equals(answer, StringComparison.OrdinalIgnoreCase));
            if (choice >= 0)
            {
                return choice;
            }
        }
    }

    public PSCredential AskCredential(string caption, string message, string userName)
    {
        RequireUser();
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            streams.Output.Write("User: ");
            userName = ReadLine();
        }

        streams.Output.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    private object AskField(FieldDescription field)
    {
        if (field.ParameterTypeFullName == typeof(SecureString).FullName)
        {
            streams.Output.Write($"{field.Name}: ");
            return ReadSecret();
        }

        if (!field.ParameterTypeFullName.EndsWith("[]", StringComparison.Ordinal))
        {
            streams.Output.Write($"{field.Name}: ");
            return ReadLine();
        }

        var values = new List<string>();
        while (true)
        {
            streams.Output.Write($"{field.Name}[{values.Count}]: ");
            var value = ReadLine();
            if (value.Length == 0)
            {
                return values.ToArray();
            }

            values.Add(value);
        }
    }

    private string Read(bool isShown)
    {
        RequireUser();
        return streams.IsInputTerminal
            ? _typed.Read(isShown)
            : streams.Input.ReadLine() ?? throw new PSInvalidOperationException("standard input has ended");
    }

    private void RequireUser()
    {
        if (!isInteractive)
        {
            throw new PSInvalidOperationException("psc runs non-interactively and cannot ask");
        }
    }

    private void WriteHeading(string caption, string message)
    {
        foreach (var line in new[] { caption, message }.Where(line => !string.IsNullOrEmpty(line)))
        {
            streams.Output.WriteLine(line);
        }
    }

    private void WriteHelp(string[] keys, Collection<ChoiceDescription> choices)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            streams.Output.WriteLine($"{keys[i]} - {choices[i].HelpMessage}");
        }
    }

    private static string KeyOf(string label)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label[(mark + 1)..(mark + 2)].ToUpperInvariant() : label;
    }
}
