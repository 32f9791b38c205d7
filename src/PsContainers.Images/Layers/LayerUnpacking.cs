namespace PsContainers.Images.Layers;

/// <summary>A layer that is being unpacked on a thread of its own, beside the one it lies on.</summary>
/// <param name="Tree">Where to.</param>
/// <param name="Below">The directories it lies on, the nearest first; waits until they are unpacked.</param>
/// <param name="Result">The layer with the bytes it counts for.</param>
internal sealed record LayerUnpacking(string Tree, Func<IReadOnlyList<string>> Below, Task<(LayerRecord Record, long Weight)> Result)
{
    /// <summary>The directories of what lies on this layer; waits until it is unpacked.</summary>
    internal IReadOnlyList<string> Stack()
    {
        Result.GetAwaiter().GetResult();
        return [Tree, .. Below()];
    }

    /// <summary>Waits for the end, whatever it is.</summary>
    internal void Join() => ((IAsyncResult)Result).AsyncWaitHandle.WaitOne();
}
