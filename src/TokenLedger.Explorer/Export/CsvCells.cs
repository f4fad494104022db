// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Export;

/// <summary>Values as files have them: the same in every language, without grouping.</summary>
internal static class CsvCells
{
    public static string Of(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(Address address) => address.IsZero ? "" : Eip55.Format(address);

    public static string Of(TimestampMs time) => TimeText.Iso(time.Value);

    /// <summary>Whole units with every decimal: 1250.50.</summary>
    public static string Of(Amount amount, AssetRow? asset) =>
        DecimalText.Plain(amount, asset?.Definition.Decimals ?? 0);
}
