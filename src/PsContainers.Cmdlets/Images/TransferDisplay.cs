using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Images;

/// <summary>
/// Runs a transfer beside the pipeline's thread, which meanwhile shows how far it is: a bar for all of it, one for each part.
/// </summary>
internal sealed class TransferDisplay(Cmdlet cmdlet, string activity) : IProgress<TransferProgress>
{
    private const int Parent = 1;
    private const int DigestLength = 12;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<string, TransferProgress> _parts = new();
    private readonly List<string> _order = [];
    private readonly TransferRate _rate = new();

    public void Report(TransferProgress value) => _parts[value.Blob] = value;

    /// <summary>What the transfer returns or throws comes out here.</summary>
    public T Run<T>(Func<IProgress<TransferProgress>, T> transfer)
    {
        var running = Task.Run(() => transfer(this));
        var end = ((IAsyncResult)running).AsyncWaitHandle;
        try
        {
            while (!end.WaitOne(_interval))
            {
                Show();
            }
        }
        finally
        {
            // In a pipeline that is being stopped nothing can be shown. The transfer is, too, and still clears up behind itself.
            end.WaitOne();
        }

        Clear();
        return running.GetAwaiter().GetResult();
    }

    private static string Status(TransferProgress part) => part.Phase switch
    {
        TransferPhase.Waiting => "waiting",
        TransferPhase.Present => "already there",
        TransferPhase.Done => "done",
        TransferPhase.Downloading when part.Done == part.Total => "unpacking",
        TransferPhase.Downloading => $"downloading {ByteText.Of(part.Done, part.Total)}",
        TransferPhase.Compressing => $"compressing {ByteText.Of(part.Done, part.Total)}",
        _ => $"uploading {ByteText.Of(part.Done, part.Total)}",
    };

    private static string Shortened(string digest) => digest.Substring(digest.IndexOf(':') + 1, DigestLength);

    private static int Percent(long done, long total) => total == 0 ? 100 : (int)(100 * done / total);

    private void Show()
    {
        var parts = _parts.Values.ToList();
        if (parts.Count == 0)
        {
            cmdlet.WriteProgress(new ProgressRecord(Parent, activity, "asking the registry"));
            return;
        }

        var (done, total) = (parts.Sum(part => part.Done), parts.Sum(part => part.Total));
        var rate = _rate.Measure(done, Stopwatch.GetTimestamp());
        cmdlet.WriteProgress(new ProgressRecord(Parent, activity, $"{ByteText.Of(done, total)}, {ByteText.Of((long)rate)}/s")
        {
            PercentComplete = Percent(done, total),
            SecondsRemaining = rate > 0 ? (int)Math.Min(int.MaxValue, (total - done) / rate) : -1,
        });
        _order.AddRange(parts.Select(part => part.Blob).Except(_order));
        foreach (var part in parts)
        {
            cmdlet.WriteProgress(new ProgressRecord(IdOf(part), Shortened(part.Blob), Status(part))
            {
                ParentActivityId = Parent,
                PercentComplete = Percent(part.Done, part.Total),
                RecordType = IsOver(part) ? ProgressRecordType.Completed : ProgressRecordType.Processing,
            });
        }
    }

    private void Clear()
    {
        foreach (var blob in _order)
        {
            Complete(Parent + 1 + _order.IndexOf(blob), Shortened(blob), Parent);
        }

        Complete(Parent, activity, parent: -1);
    }

    private void Complete(int id, string name, int parent) => cmdlet.WriteProgress(
        new ProgressRecord(id, name, "done") { ParentActivityId = parent, RecordType = ProgressRecordType.Completed });

    private static bool IsOver(TransferProgress part) => part.Phase is TransferPhase.Done or TransferPhase.Present;

    private int IdOf(TransferProgress part) => Parent + 1 + _order.IndexOf(part.Blob);
}
