// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>How refusals write values: they are read by people.</summary>
internal static class Words
{
    /// <summary>The last millisecond of the year 9999, where calendars end.</summary>
    private const ulong CalendarEndMs = 253_402_300_799_999;

    /// <summary>A value's name in lower-case words: "central bank".</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var words = new StringBuilder();
        foreach (char letter in value.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0)
            {
                words.Append(' ');
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    /// <summary>A moment: "2026-11-29 12:30:00.250 UTC".</summary>
    public static string Utc(TimestampMs time) => time.Value > CalendarEndMs
        ? "a time after the year 9999"
        : DateTimeOffset.FromUnixTimeMilliseconds((long)time.Value)
            .ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A whole number of days that a limit has in milliseconds.</summary>
    public static string Days(ulong milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds / (24 * 3600 * 1000)} days");

    /// <summary>A request id as a UUID, with dashes.</summary>
    public static string Uuid(RequestId id)
    {
        Span<byte> bytes = stackalloc byte[Limits.RequestIdBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
