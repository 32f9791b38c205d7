using System.Management.Automation;
using PsContainers.Cmdlets.Loading;
using PsContainers.Engine;

namespace PsContainers.Cmdlets;

/// <summary>What every cmdlet of the module shares: the engine, Ctrl+C as a token, failures as error records.</summary>
public abstract class ContainersCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private protected CancellationToken StopToken => _stop.Token;

    private protected ContainerServices Services => EngineSession.Open(StopToken);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Works on one item; what fails is reported as an error of that item, and the next one has its turn.</summary>
    private protected bool ForItem(object? target, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (EngineFailure.RecordOf(e, target) is { } record)
        {
            WriteError(record);
            OnFailure(e);
            return false;
        }
    }

    /// <summary>Works on every item in turn; a name that is a pattern stands for what it finds, which may be nothing.</summary>
    private protected void ForEachItem(IEnumerable<string> names, Func<WildcardPattern, IEnumerable<string>> find, Action<string> action)
    {
        foreach (var name in names)
        {
            string[] items = [name];
            if (!IsPattern(name) || ForItem(name, () => items = [.. find(PatternOf(name))]))
            {
                Array.ForEach(items, action);
            }
        }
    }

    /// <summary>Says what was left undone by something that was done all the same.</summary>
    private protected void Warn(IEnumerable<string> left)
    {
        foreach (var line in left)
        {
            WriteWarning(line);
        }
    }

    /// <summary>Called after an item's error was written.</summary>
    private protected virtual void OnFailure(Exception failure)
    {
    }

    /// <summary>
    /// What a question before a change, or -WhatIf, says of a thing: its bytes too. Its name alone where they cannot be told: the command
    /// itself then says what is wrong.
    /// </summary>
    private protected static string Shown(string name, Func<string, ContainerStorageItem> weigh)
    {
        try
        {
            var item = weigh(name);
            return $"{(item.Id.Contains(name, StringComparison.Ordinal) ? item.Name : name)} ({item.Size} bytes)";
        }
        catch (ContainerEngineException)
        {
            return name;
        }
    }

    private protected IEnumerable<string> ContainersLike(WildcardPattern pattern) =>
        Services.GetContainers.Execute().Select(container => container.Name).Where(pattern.IsMatch);

    private protected IEnumerable<string> ImagesLike(WildcardPattern pattern) =>
        Services.GetImages.Execute().SelectMany(image => image.Names).Where(pattern.IsMatch);

    private protected static bool IsPattern(string name) => WildcardPattern.ContainsWildcardCharacters(name);

    private protected static WildcardPattern PatternOf(string name) => WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
}
