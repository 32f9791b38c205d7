using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>One blob being fetched into a file, which can be read from its beginning while the rest is still to come.</summary>
internal sealed class BlobDownload(
    Descriptor blob, BlobSource source, ContentStore content, DownloadFolder folder, IProgress<TransferProgress>? progress) : IDisposable
{
    private const int ChunkLength = 128 * 1024;

    // For Monitor.Wait, which a Lock does not have.
    private readonly object _gate = new();

    private Task _fetching = Task.CompletedTask;
    private DownloadFile? _file;
    private SafeFileHandle? _stored;
    private SafeFileHandle? _readable;
    private long _length;
    private bool _hasEnded;
    private ExceptionDispatchInfo? _failure;

    internal Descriptor Blob => blob;

    /// <summary>Begins as soon as there is a free slot.</summary>
    internal void Start(SemaphoreSlim slots, CancellationToken stop)
    {
        Report(TransferPhase.Waiting, 0);
        _fetching = RunAsync(slots, stop);
    }

    /// <summary>The blob's bytes, waited for where they have not come; what goes wrong with the download comes out here too.</summary>
    internal Stream Open(CancellationToken stop) => new ArrivingStream(this, stop);

    /// <summary>Waits for the end, and hands the file to the staging.</summary>
    internal void Finish(ContentStaging staging)
    {
        _fetching.GetAwaiter().GetResult();
        if (_file is { } file)
        {
            staging.Adopt(blob.Digest, file.Path);
        }
    }

    /// <summary>What is wrong with the blob, where all of it has come; null when nothing is, or nobody can say yet.</summary>
    internal string? Fault()
    {
        lock (_gate)
        {
            while (_length == blob.Size && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }

            return (_failure?.SourceException as ImageFormatException)?.Message;
        }
    }

    public void Dispose()
    {
        // Cancelled by now, or at its end: nobody disposes of what is still being written.
        _fetching.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _file?.Dispose();
        _stored?.Dispose();
    }

    private async Task RunAsync(SemaphoreSlim slots, CancellationToken stop)
    {
        try
        {
            await slots.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                // What there is from an earlier try may be damaged; what was fetched from the beginning is not fetched twice.
                while (!await TryFetchAsync(stop).ConfigureAwait(false))
                {
                }
            }
            finally
            {
                slots.Release();
            }
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
        finally
        {
            End();
        }
    }

    private async Task<bool> TryFetchAsync(CancellationToken stop)
    {
        _file = await folder.AcquireAsync(blob.Digest, content, stop).ConfigureAwait(false);
        if (_file is null)
        {
            _stored = content.OpenHandle(blob.Digest);
            Check(RandomAccess.GetLength(_stored));
            Grow(_stored, blob.Size);
            Report(TransferPhase.Present, blob.Size);
            return true;
        }

        using var hash = blob.Digest.CreateHash();
        var earlier = Rehash(_file, hash, stop);
        var isFresh = !_file.IsWhole && earlier == 0;
        if (!_file.IsWhole)
        {
            await FetchRestAsync(_file, hash, earlier, stop).ConfigureAwait(false);
        }

        var digest = Digest.FromHash(hash.GetHashAndReset());
        if (digest == blob.Digest)
        {
            // A whole one of another length: it is the descriptor that is wrong.
            Check(_file.Length);
            _file.Complete();
            _file.Release();
            Grow(_file.Content, blob.Size);
            return true;
        }

        _file.Discard();
        _file.Dispose();
        _file = null;
        return isFresh ? throw new ImageFormatException($"its digest is {digest} instead of {blob.Digest}") : false;
    }

    private async Task FetchRestAsync(DownloadFile file, IncrementalHash hash, long earlier, CancellationToken stop)
    {
        var length = earlier;
        Report(TransferPhase.Downloading, length);
        if (length == blob.Size)
        {
            return;
        }

        var stream = await source(blob, length, stop).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
            {
                Check(length + read, isWhole: false);
                RandomAccess.Write(file.Content, buffer.AsSpan(0, read), length);
                hash.AppendData(buffer, 0, read);
                length += read;
                Report(TransferPhase.Downloading, length);

                // The part of an earlier try may be wrong, which only the digest of the whole tells.
                if (earlier == 0)
                {
                    Grow(file.Content, length);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Check(length);
    }

    // Bytes of an earlier try that are taken up again.
    private long Rehash(DownloadFile file, IncrementalHash hash, CancellationToken stop)
    {
        var length = file.Length;
        if (!file.IsWhole && length > blob.Size)
        {
            RandomAccess.SetLength(file.Content, 0);
            return 0;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            for (long done = 0; done < length;)
            {
                stop.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(file.Content, buffer, done);
                hash.AppendData(buffer, 0, read);
                done += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return length;
    }

    private void Check(long length, bool isWhole = true)
    {
        if (length > blob.Size || (isWhole && length < blob.Size))
        {
            throw new ImageFormatException(length > blob.Size
                ? $"it is longer than it should be: more than {blob.Size} bytes"
                : $"it is cut short: {length} bytes instead of {blob.Size}");
        }
    }

    private void Report(TransferPhase phase, long done) => progress?.Report(new(blob.Digest.ToString(), phase, done, blob.Size));

    private void Grow(SafeFileHandle file, long length)
    {
        lock (_gate)
        {
            _readable = file;
            _length = length;
            Monitor.PulseAll(_gate);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    // Waits until there is more than the position, and gives how much is there; the position itself at the end.
    private long WaitFor(long position, CancellationToken stop)
    {
        lock (_gate)
        {
            while (_length <= position && !_hasEnded)
            {
                Monitor.Wait(_gate);
                stop.ThrowIfCancellationRequested();
            }

            _failure?.Throw();
            return _length;
        }
    }

    private sealed class ArrivingStream : ForwardStream
    {
        private readonly BlobDownload _download;
        private readonly CancellationToken _stop;
        private readonly CancellationTokenRegistration _wake;
        private long _position;

        internal ArrivingStream(BlobDownload download, CancellationToken stop)
        {
            (_download, _stop) = (download, stop);
            _wake = stop.UnsafeRegister(_ => download.Wake(), null);
        }

        public override int Read(Span<byte> buffer)
        {
            _stop.ThrowIfCancellationRequested();
            if (_download.WaitFor(_position, _stop) == _position)
            {
                return 0;
            }

            var read = RandomAccess.Read(_download._readable!, buffer, _position);
            _position += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            _wake.Dispose();
            base.Dispose(disposing);
        }
    }
}
