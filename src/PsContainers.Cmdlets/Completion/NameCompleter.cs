using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names; when the store that holds them cannot be read there is nothing to complete.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        try
        {
            return [.. Candidates().Where(candidate => candidate.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(Result)];
        }
        catch (Exception e) when (EngineFailure.RecordOf(e, target: null) is not null)
        {
            return [];
        }
    }

    /// <summary>Every name with a line that tells what it stands for.</summary>
    private protected abstract IEnumerable<(string Name, string ToolTip)> Candidates();

    private static CompletionResult Result((string Name, string ToolTip) candidate) =>
        new(candidate.Name, candidate.Name, CompletionResultType.ParameterValue, candidate.ToolTip);
}
