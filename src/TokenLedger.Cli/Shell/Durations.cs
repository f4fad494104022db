// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Cli.Shell;

/// <summary>Spans of time as people type them: 500ms, 30s, 10m, 2h, 7d, with or without a leading
/// '+'.</summary>
internal static class Durations
{
    private const long MaxMilliseconds = 366L * 24 * 3600 * 1000;

    public static TimeSpan Parse(string text, string option)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart('+');
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? rest.Length : digits;
        long unit = rest[digits..] switch
        {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => 0,
        };
        bool isNumber =
            long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long count);
        if (unit == 0 || !isNumber || count is <= 0 or > MaxMilliseconds || count > MaxMilliseconds / unit)
        {
            throw CliException.Usage(
                $"{option} is '{text}', which is no span of time.",
                next: "Use a number and ms, s, m, h or d: 30s, 7d.");
        }

        return TimeSpan.FromMilliseconds(count * unit);
    }

    /// <summary>"7 days": in the largest unit of which it is a whole number.</summary>
    public static string Words(ulong milliseconds)
    {
        (ulong Size, string Name)[] units =
        [
            (86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"),
            (1, "millisecond"),
        ];
        (ulong size, string name) = units.First(unit => milliseconds % unit.Size == 0);
        ulong count = milliseconds / size;
        return string.Create(
            CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
    }
}
