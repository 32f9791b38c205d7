namespace PsContainers.Host.Hosting;

/// <summary>Standard output that leads to a pipe, and tells when nobody reads it any more.</summary>
/// <remarks>
/// .NET ignores SIGPIPE, and its console stream the EPIPE that comes instead: <c>psc -Command 'Get-ContainerLog web -Follow' | head</c>
/// would go on for ever.
/// </remarks>
internal sealed class PipeStream(FileStream pipe, Action onBroken) : Stream
{
    private const int Eagain = 11;
    private const int Epipe = 32;

    // PIPE_BUF: so much is written at once or not at all (pipe(7)), so that a refused write can be made again.
    private const int MostAtOnce = 4096;

    private bool _isBroken;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !_isBroken)
        {
            var part = buffer[..Math.Min(buffer.Length, MostAtOnce)];
            try
            {
                pipe.Write(part);
                buffer = buffer[part.Length..];
            }
            catch (IOException e) when (e.HResult == Eagain)
            {
                // Whoever shares the pipe made it non-blocking.
                Thread.Sleep(1);
            }
            catch (IOException e) when (e.HResult == Epipe)
            {
                _isBroken = true;
                onBroken();
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
