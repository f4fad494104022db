// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// Dates, times and ages. Pakistan keeps UTC+5 all year (summer time was last tried in 2009, before there
/// was a ledger), so no time zone data is needed.
/// </summary>
internal static class TimeText
{
    private const int PakistanHours = 5;
    private const ulong SecondMs = 1000;
    private const ulong MinuteMs = 60 * SecondMs;
    private const ulong HourMs = 60 * MinuteMs;
    private const ulong DayMs = 24 * HourMs;

    // Younger than this is "just now"; so is a block whose proposer's clock is a little ahead.
    private const ulong FreshMs = 2 * SecondMs;

    // The calendar of .NET ends with the year 9999, and Pakistan is five hours ahead.
    private static readonly ulong LastMs =
        (ulong)(DateTime.MaxValue - DateTime.UnixEpoch).TotalMilliseconds - DayMs;

    /// <summary>The day in Pakistan: 30 November 2026.</summary>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC.</param>
    /// <param name="language">The language of the month.</param>
    public static string Date(ulong timeMs, SiteLanguage language) => timeMs > LastMs
        ? Texts.Of(language)[Phrases.TimeBeyond]
        : Day(Universal(timeMs).AddHours(PakistanHours), language);

    /// <summary>The day in UTC, for what the ledger counts by UTC: an issue date, a day's total.</summary>
    /// <inheritdoc cref="Date"/>
    public static string DateUtc(ulong timeMs, SiteLanguage language) => timeMs > LastMs
        ? Texts.Of(language)[Phrases.TimeBeyond]
        : Day(Universal(timeMs), language);

    /// <summary>30 November 2026, 12:05:06 Pakistan time (07:05:06 UTC).</summary>
    /// <inheritdoc cref="Date"/>
    public static string DateAndTime(ulong timeMs, SiteLanguage language)
    {
        Texts texts = Texts.Of(language);
        if (timeMs > LastMs)
        {
            return texts[Phrases.TimeBeyond];
        }

        DateTime universal = Universal(timeMs);
        DateTime local = universal.AddHours(PakistanHours);
        return texts.Plain(
            Phrases.DateAndTime, ("date", Day(local, language)), ("time", Clock(local)),
            ("utc", Clock(universal)));
    }

    /// <summary>As <see cref="DateAndTime"/>, with the machine's form.</summary>
    public static Markup Element(ulong timeMs, SiteLanguage language) => timeMs > LastMs
        ? Markup.Text(Texts.Of(language)[Phrases.TimeBeyond])
        : Markup.Time(Iso(timeMs), DateAndTime(timeMs, language));

    /// <summary>2026-11-30T07:05:06Z; the number itself when it is beyond the calendar.</summary>
    public static string Iso(ulong timeMs) => timeMs > LastMs
        ? timeMs.ToString(CultureInfo.InvariantCulture)
        : Universal(timeMs).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The year in Pakistan; 9999 for what is beyond the calendar.</summary>
    public static int Year(ulong timeMs) =>
        timeMs > LastMs ? 9999 : Universal(timeMs).AddHours(PakistanHours).Year;

    /// <summary>How long ago: "12 seconds ago", "2 منٹ پہلے"; in full units, cut off.</summary>
    /// <param name="timeMs">When it was.</param>
    /// <param name="nowMs">When it is read.</param>
    /// <param name="language">The language.</param>
    public static string Since(ulong timeMs, ulong nowMs, SiteLanguage language)
    {
        ulong age = nowMs > timeMs ? nowMs - timeMs : 0;
        return age switch
        {
            < FreshMs => Texts.Of(language)[Phrases.JustNow],
            < MinuteMs => Ago(age / SecondMs, Phrases.SecondAgo, Phrases.SecondsAgo, language),
            < HourMs => Ago(age / MinuteMs, Phrases.MinuteAgo, Phrases.MinutesAgo, language),
            < DayMs => Ago(age / HourMs, Phrases.HourAgo, Phrases.HoursAgo, language),
            _ => Ago(age / DayMs, Phrases.DayAgo, Phrases.DaysAgo, language),
        };
    }

    private static string Ago(ulong count, Phrase one, Phrase many, SiteLanguage language)
    {
        Texts texts = Texts.Of(language);
        return count == 1 ? texts[one] : texts.Plain(many, ("count", NumberText.Count(count, language)));
    }

    private static string Day(DateTime day, SiteLanguage language)
    {
        Texts texts = Texts.Of(language);
        return texts.Plain(
            Phrases.Date, ("day", day.Day.ToString(CultureInfo.InvariantCulture)),
            ("month", texts[Phrases.Months[day.Month - 1]]),
            ("year", day.Year.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Clock(DateTime time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static DateTime Universal(ulong timeMs) => DateTime.UnixEpoch.AddMilliseconds(timeMs);
}
