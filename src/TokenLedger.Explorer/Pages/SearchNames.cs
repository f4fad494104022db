// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Pages;

/// <summary>What a search found, in words.</summary>
internal static class SearchNames
{
    /// <summary>A link with its kind.</summary>
    public static Markup Item(Wording say, SearchHit hit) => SitePaths.Of(hit, say.Language) is { } path
        ? Markup.Concat(
        [
            Markup.Text(say.Texts[KindOf(hit.Kind)] + " "),
            Markup.Link(path, Markup.Name(Label(say, hit))),
        ])
        : Markup.Name(hit.Target);

    /// <summary>A name, as plain text.</summary>
    public static string Label(Wording say, SearchHit hit) => hit.Kind switch
    {
        SearchKind.Asset when AssetId.TryParse(hit.Target, out AssetId asset) =>
            say.Names.Asset(asset) is { } row
                ? $"{hit.Target} · {NameBook.NameOf(row, say.Language)}"
                : hit.Target,
        SearchKind.Institution when Address.TryParse(hit.Target, out Address institution) =>
            say.Names.Institution(institution, say.Language) ?? hit.Target,
        _ => hit.Target,
    };

    private static Phrase KindOf(SearchKind kind) => kind switch
    {
        SearchKind.Asset => Phrases.Asset,
        SearchKind.Institution => Phrases.Institution,
        SearchKind.Account => Phrases.Account,
        SearchKind.Block => Phrases.Block,
        _ => Phrases.Transaction,
    };
}
