// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>Amounts and times.</content>
internal static partial class Phrases
{
    // Amounts.
    public static readonly Phrase Lakh = new("{number} lakh", "{number} لاکھ");
    public static readonly Phrase Crore = new("{number} crore", "{number} کروڑ");
    public static readonly Phrase Arab = new("{number} arab", "{number} ارب");
    public static readonly Phrase Kharab = new("{number} kharab", "{number} کھرب");
    public static readonly Phrase Approximately = new("about {amount}", "تقریباً {amount}");

    // Time.
    public static readonly Phrase JustNow = new("just now", "ابھی ابھی");
    public static readonly Phrase SecondAgo = new("1 second ago", "1 سیکنڈ پہلے");
    public static readonly Phrase SecondsAgo = new("{count} seconds ago", "{count} سیکنڈ پہلے");
    public static readonly Phrase MinuteAgo = new("1 minute ago", "1 منٹ پہلے");
    public static readonly Phrase MinutesAgo = new("{count} minutes ago", "{count} منٹ پہلے");
    public static readonly Phrase HourAgo = new("1 hour ago", "1 گھنٹہ پہلے");
    public static readonly Phrase HoursAgo = new("{count} hours ago", "{count} گھنٹے پہلے");
    public static readonly Phrase DayAgo = new("1 day ago", "1 دن پہلے");
    public static readonly Phrase DaysAgo = new("{count} days ago", "{count} دن پہلے");
    public static readonly Phrase Date = new("{day} {month} {year}", "{day} {month} {year}");
    public static readonly Phrase DateAndTime = new(
        "{date}, {time} Pakistan time ({utc} UTC)",
        "{date}، {time} پاکستان کا وقت (عالمی وقت {utc})");
    public static readonly Phrase TimeBeyond = new("a time beyond the calendar", "کیلنڈر سے باہر کا وقت");
    public static readonly Phrase January = new("January", "جنوری");
    public static readonly Phrase February = new("February", "فروری");
    public static readonly Phrase March = new("March", "مارچ");
    public static readonly Phrase April = new("April", "اپریل");
    public static readonly Phrase May = new("May", "مئی");
    public static readonly Phrase June = new("June", "جون");
    public static readonly Phrase July = new("July", "جولائی");
    public static readonly Phrase August = new("August", "اگست");
    public static readonly Phrase September = new("September", "ستمبر");
    public static readonly Phrase October = new("October", "اکتوبر");
    public static readonly Phrase November = new("November", "نومبر");
    public static readonly Phrase December = new("December", "دسمبر");

    /// <summary>From January on.</summary>
    public static readonly Phrase[] Months =
    [
        January, February, March, April, May, June, July, August, September, October, November, December,
    ];
}
