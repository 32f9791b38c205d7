using System.Globalization;
using System.Text;

namespace PsContainers.Benchmarks;

/// <summary>The result of one run as Markdown.</summary>
internal sealed class Report(string machine, int rounds, IReadOnlyList<Section> sections)
{
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n## {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC\n\n{machine}. {rounds} shuffled rounds.\n");
        foreach (var section in sections)
        {
            Add(text, section);
        }

        return text.ToString();
    }

    public void AppendTo(string path) => File.AppendAllText(path, ToText());

    private static void Add(StringBuilder text, Section section)
    {
        // The last is the peer that the others are measured against, except where a target names another.
        var peer = section.Targets.Select(target => target.Peer).FirstOrDefault(name => Find(section, name) is not null);
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n### {section.Title}\n\n{section.Note}\n\n"
            + $"| {section.Unit} | median | min | ratio{(peer is null ? "" : $" to {peer}")} |\n|---|---|---|---|\n");
        foreach (var row in section.Measurements)
        {
            var ratio = Find(section, peer) is { } other ? Ratio(row, other) : "";
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {Number(row.Median)} | {Number(row.Minimum)} | {ratio} |\n");
        }

        text.Append('\n');
        foreach (var target in section.Targets)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {target.Text}: {Verdict(section, target)}\n");
        }
    }

    private static string Verdict(Section section, Target target)
    {
        if (Find(section, target.Ours) is not { } ours || (target.Peer is not null && Find(section, target.Peer) is null))
        {
            return "not measured, the peer is missing";
        }

        var value = Find(section, target.Peer) is { } peer ? ours.Median / peer.Median : ours.Median;
        var verdict = value <= target.Limit ? "reached" : "not reached";
        return string.Create(CultureInfo.InvariantCulture, $"**{verdict}** ({Number(value)})");
    }

    private static Measurement? Find(Section section, string? name) => section.Measurements.FirstOrDefault(row => row.Name == name);

    private static string Ratio(Measurement row, Measurement peer) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Median / peer.Median:0.00} (min {row.Minimum / peer.Minimum:0.00})");

    private static string Number(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
