using System.Runtime.ExceptionServices;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Has the kernel write what is being unpacked to the disk while the rest is still to come.</summary>
/// <remarks>
/// By itself it begins after seconds, or when a good part of the memory waits to be written: the disk would stand still while the layers
/// are unpacked, and everybody would wait for it afterwards.
/// </remarks>
internal sealed class EarlyWriteback : IDisposable
{
    // What takes less than this is small.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly DirectoryDescriptor _directory;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private ExceptionDispatchInfo? _failure;

    internal EarlyWriteback(string directory)
    {
        _directory = DirectoryDescriptor.Open(directory);
        _thread = new Thread(Run) { IsBackground = true, Name = "writeback" };
        _thread.Start();
    }

    /// <summary>Writes out the whole file system. The kernel tells each failed write once, so one met earlier is told here.</summary>
    internal void Finish()
    {
        Stop();
        _failure?.Throw();
        _directory.SynchronizeFileSystem();
    }

    public void Dispose()
    {
        Stop();
        _directory.Dispose();
        _stop.Dispose();
    }

    private void Stop()
    {
        _stop.Set();
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (!_stop.Wait(_pause))
            {
                _directory.SynchronizeFileSystem();
            }
        }
        catch (LinuxException e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
