using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Host;

/// <summary>Times as RFC 3339 with nanoseconds, in UTC; DateTime needs the runtime.</summary>
internal static class Timestamp
{
    private const long SecondsPerDay = 86_400;

    internal static void Add(long unixNanoseconds, ref Text text)
    {
        var seconds = unixNanoseconds / 1_000_000_000;
        AddDate(seconds / SecondsPerDay, ref text);
        var second = seconds % SecondsPerDay;
        text.Add("T"u8);
        text.AddPadded(second / 3600, 2);
        text.Add(":"u8);
        text.AddPadded(second / 60 % 60, 2);
        text.Add(":"u8);
        text.AddPadded(second % 60, 2);
        text.Add("."u8);
        text.AddPadded(unixNanoseconds % 1_000_000_000, 9);
        text.Add("Z"u8);
    }

    // The Gregorian calendar repeats every 400 years of 146,097 days; counting years from March puts the leap day last.
    private static void AddDate(long daysSince1970, ref Text text)
    {
        var days = daysSince1970 + 719_468;
        var era = days / 146_097;
        var dayOfEra = days % 146_097;
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var marchMonth = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        var month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        text.AddPadded(year, 4);
        text.Add("-"u8);
        text.AddPadded(month, 2);
        text.Add("-"u8);
        text.AddPadded(day, 2);
    }
}
