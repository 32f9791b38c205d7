using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using ZstdSharp;

namespace PsContainers.Images.Layers;

/// <summary>Decompresses and hashes a layer on a thread of its own, while the reader writes what came before to disk.</summary>
internal sealed class ArchiveFeed : ForwardStream
{
    private const int ChunkLength = 256 * 1024;
    private const int Chunks = 8;

    private readonly BlockingCollection<(byte[] Buffer, int Length)> _full = new(Chunks);
    private readonly BlockingCollection<byte[]> _empty = [];
    private readonly IncrementalHash _hash;
    private readonly CancellationTokenSource _stop;
    private readonly LayerLimits _limits;
    private readonly Thread _thread;

    private ExceptionDispatchInfo? _failure;
    private PrefixedStream? _compressed;
    private long _unpacked;
    private long _charged;
    private (byte[] Buffer, int Length) _current;
    private int _taken;

    internal ArchiveFeed(Stream blob, IncrementalHash hash, LayerLimits limits, CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _hash = hash;
        _limits = limits;
        for (var i = 0; i < Chunks; i++)
        {
            _empty.Add(new byte[ChunkLength], CancellationToken.None);
        }

        _current = ([], 0);
        _thread = new Thread(() => Produce(blob)) { IsBackground = true, Name = "layer" };
        _thread.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_taken == _current.Length && !TryNext())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _current.Length - _taken);
        _current.Buffer.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    /// <summary>Uncompressed bytes so far, with what was charged.</summary>
    internal long Weight => Volatile.Read(ref _unpacked) + Volatile.Read(ref _charged);

    /// <summary>Says that the reader made more of the bytes than they are themselves: it counts as if the archive had it.</summary>
    internal void Charge(long bytes)
    {
        Interlocked.Add(ref _charged, bytes);
        Guard();
    }

    /// <summary>Takes what is left and gives the hash of all of it.</summary>
    internal byte[] Finish()
    {
        while (TryNext())
        {
        }

        return _hash.GetHashAndReset();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Cancel();
            _thread.Join();
            _full.Dispose();
            _empty.Dispose();
            _hash.Dispose();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryNext()
    {
        if (_current.Buffer.Length > 0)
        {
            _empty.Add(_current.Buffer, CancellationToken.None);
            (_current, _taken) = (([], 0), 0);
        }

        if (_full.TryTake(out _current, Timeout.Infinite, _stop.Token))
        {
            return true;
        }

        _current = ([], 0);
        _failure?.Throw();
        return false;
    }

    // Whatever goes wrong here belongs to the reader, who gets it in place of the next bytes.
    private void Produce(Stream blob)
    {
        try
        {
            Decompress(blob);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            _failure = ExceptionDispatchInfo.Capture(new ImageFormatException($"the layer cannot be decompressed: {e.Message}"));
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _full.CompleteAdding();
        }
    }

    private void Decompress(Stream blob)
    {
        using var archive = LayerCompression.Open(blob, out var compressed);
        Volatile.Write(ref _compressed, compressed);
        while (true)
        {
            var buffer = _empty.Take(_stop.Token);
            var length = archive.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length == 0)
            {
                return;
            }

            Interlocked.Add(ref _unpacked, length);
            Guard();
            _hash.AppendData(buffer, 0, length);
            _full.Add((buffer, length), _stop.Token);
        }
    }

    private void Guard() => _limits.Guard(Weight, Volatile.Read(ref _compressed)?.Position ?? 0);
}
