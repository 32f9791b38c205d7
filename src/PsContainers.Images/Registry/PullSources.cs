namespace PsContainers.Images.Registry;

/// <summary>Where a repository can be read: its mirrors, then the registry itself. One that answered is asked first from then on.</summary>
internal sealed class PullSources(IReadOnlyList<RegistryConnection> sources) : IDisposable
{
    private volatile RegistryConnection _first = sources[0];

    /// <summary>Asks one after the other; the error, if all fail, is the last one's and mentions the others.</summary>
    internal async Task<T> GetAsync<T>(RegistryTask task, Func<RegistryConnection, Task<T>> ask)
    {
        var result = await AskAsync(task, async source => new Answer<T>(await ask(source).ConfigureAwait(false))).ConfigureAwait(false);
        return result!.Value;
    }

    /// <summary>The same for what may be missing everywhere: null then.</summary>
    internal async Task<T?> FindAsync<T>(RegistryTask task, Func<RegistryConnection, Task<T?>> ask)
        where T : class
    {
        var result = await AskAsync(task, async source =>
            await ask(source).ConfigureAwait(false) is { } found ? new Answer<T>(found) : null).ConfigureAwait(false);
        return result?.Value;
    }

    public void Dispose()
    {
        foreach (var source in sources)
        {
            source.Dispose();
        }
    }

    private async Task<Answer<T>?> AskAsync<T>(RegistryTask task, Func<RegistryConnection, Task<Answer<T>?>> ask)
    {
        var first = _first;
        var candidates = sources.OrderBy(source => source == first ? 0 : 1).ToList();
        var mirrorFaults = new List<string>();
        foreach (var source in candidates[..^1])
        {
            try
            {
                if (await ask(source).ConfigureAwait(false) is { } answer)
                {
                    _first = source;
                    return answer;
                }
            }
            catch (Exception e) when (RegistryTask.FaultOf(e) is { } fault)
            {
                mirrorFaults.Add($"{source.Endpoint.Host}: {fault.Message}");
            }
        }

        return await AskLastAsync(task, candidates[^1], ask, mirrorFaults).ConfigureAwait(false);
    }

    private async Task<Answer<T>?> AskLastAsync<T>(
        RegistryTask task, RegistryConnection source, Func<RegistryConnection, Task<Answer<T>?>> ask, List<string> earlier) =>
        await task.RunAsync(async () =>
        {
            try
            {
                var answer = await ask(source).ConfigureAwait(false);
                _first = answer is null ? _first : source;
                return answer;
            }
            catch (Exception e) when (earlier.Count > 0 && RegistryTask.FaultOf(e) is { } fault)
            {
                throw new RegistryFault($"{source.Endpoint.Host}: {fault.Message}; before that, {string.Join("; ", earlier)}", fault)
                {
                    Status = fault.Status,
                    Code = fault.Code,
                };
            }
        }).ConfigureAwait(false);

    private sealed record Answer<T>(T Value);
}
