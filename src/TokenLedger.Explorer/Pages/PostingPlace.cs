// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Where a page of movements goes on: the place and the kind of the last one shown, in the
/// query.</summary>
internal static class PostingPlace
{
    /// <summary>For the query.</summary>
    public static string Of(PostingRow row) => PageRequest.Place(row.Place)
        + "-" + ((byte)row.Kind).ToString(CultureInfo.InvariantCulture);

    /// <summary>What a request goes on after.</summary>
    public static PostingRow After(PageRequest request, Address account)
    {
        if (request.Query("after") is not { } text)
        {
            return Behind(request.End, account);
        }

        string[] parts = text.Split('-');
        return parts.Length == 3
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong height)
            && height <= request.Until.Value
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
            && byte.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out byte kind)
            && Enum.IsDefined((PostingKind)kind)
                ? Row(new EventPlace(new Height(height), index), (PostingKind)kind, account)
                : throw Problems.BadInput(text, request.Language);
    }

    /// <summary>Goes on after everything at a place.</summary>
    public static PostingRow Behind(EventPlace place, Address account) =>
        Row(place, PostingKind.Received, account);

    private static PostingRow Row(EventPlace place, PostingKind kind, Address account) =>
        new(account, place, kind, default, Amount.Zero, Amount.Zero, default, 0, default);
}
