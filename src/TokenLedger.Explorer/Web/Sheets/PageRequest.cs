// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web.Sheets;

/// <summary>What a page is asked: of which moment, in which language, with which values in path and
/// query.</summary>
internal sealed class PageRequest
{
    // Nothing that a page takes is longer; a search is cut by its own limit.
    private const int MaxValue = 256;

    private readonly HttpRequest _request;

    private PageRequest(
        HttpRequest request, IIndexView view, NameBook names, SiteLanguage language, ulong nowMs)
    {
        _request = request;
        View = view;
        Say = new Wording(names, language);
        NowMs = nowMs;
        Moment = view.Cursor.Time;
    }

    /// <summary>The index at the moment that the page is of.</summary>
    public IIndexView View { get; }

    /// <summary>Links, amounts and names in the page's language.</summary>
    public Wording Say { get; }

    /// <summary>When the page is made, milliseconds since 1970 UTC.</summary>
    public ulong NowMs { get; }

    /// <summary>The height that the reader asked for; null for the newest.</summary>
    public Height? At { get; private init; }

    /// <summary>The time of the block at <see cref="Until"/>: "now" for everything that the page says, the
    /// same for every reader.</summary>
    public TimestampMs Moment { get; private init; }

    /// <summary>The language.</summary>
    public SiteLanguage Language => Say.Language;

    /// <summary>The words.</summary>
    public Texts Texts => Say.Texts;

    /// <summary>The height that rows are of: the one asked for, or the newest.</summary>
    public Height Until => At ?? View.Cursor.Height;

    /// <summary>The place behind everything that had happened at <see cref="Until"/>: where lists of newest
    /// first begin.</summary>
    public EventPlace End => new(Until.Next, 0);

    /// <summary>Reads what every page is asked.</summary>
    /// <exception cref="PageProblemException"><c>at</c> is no height, or not indexed yet.</exception>
    public static async Task<PageRequest> OpenAsync(
        HttpRequest request, IIndexView view, SiteLanguage language, ulong nowMs,
        CancellationToken cancellationToken)
    {
        NameBook names = await NameBook.OpenAsync(view, cancellationToken).ConfigureAwait(false);
        var opened = new PageRequest(request, view, names, language, nowMs);
        Height? at = opened.Query("at") is { } text ? new Height(opened.Whole(text)) : null;
        if (at is not { } height)
        {
            return opened;
        }

        if (height > view.Cursor.Height)
        {
            throw Problems.NotYet(height, view.Cursor.Height, language);
        }

        BlockRow block = await view.FindBlockAsync(height, cancellationToken).ConfigureAwait(false)
            ?? throw new InvariantException($"Block {height} is not indexed below the cursor.");
        return new PageRequest(request, view, names, language, nowMs)
        {
            At = height,
            Moment = block.Header.Timestamp,
        };
    }

    /// <summary>A value of the query; null when it is absent or empty.</summary>
    public string? Query(string name)
    {
        string text = _request.Query[name].ToString();
        return text.Length switch
        {
            0 => null,
            > MaxValue => throw Problems.BadInput(text[..MaxValue], Language),
            _ => text,
        };
    }

    /// <summary>A value of the path.</summary>
    public string Path(string name) => _request.RouteValues[name]?.ToString() ?? "";

    /// <summary>The number in the path.</summary>
    public ulong WholeInPath(string name) => Whole(Path(name));

    /// <summary>The account or institution in the path.</summary>
    public Address AddressInPath(string name)
    {
        string text = Path(name);

        // A wrong checksum is a typing mistake: another account must not come up for it.
        return Eip55.Parse(text, out Address address) is AddressText.Checksummed or AddressText.Unchecksummed
            ? address
            : throw Problems.BadInput(text, Language);
    }

    /// <summary>The asset in the path.</summary>
    public AssetId AssetInPath(string name) => AssetId.TryParse(Path(name), out AssetId id)
        ? id
        : throw Problems.BadInput(Path(name), Language);

    /// <summary>An asset with what was out and how many held it at the height that was asked for; the rest of
    /// it as it is now.</summary>
    /// <exception cref="PageProblemException">There is no such asset.</exception>
    public async Task<AssetRow> AssetThenAsync(AssetId id, CancellationToken cancellationToken)
    {
        AssetRow asset = await View.FindAssetAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw Problems.Unknown(Phrases.Asset, id.ToString(), Language);
        Say.Names.Learn(asset);
        return At is { } at
            ? await Portfolio.ThenAsync(View, asset, at, cancellationToken).ConfigureAwait(false)
            : asset;
    }

    /// <summary>An asset's documents that were attached at the height that was asked for, in the order of
    /// attaching.</summary>
    public async Task<IReadOnlyList<DocumentRow>> DocumentsAsync(
        AssetId id, CancellationToken cancellationToken)
    {
        IReadOnlyList<DocumentRow> all = await View.DocumentsAsync(id, cancellationToken)
            .ConfigureAwait(false);
        return At is null ? all : [.. all.Where(row => row.AttachedAt <= Until)];
    }

    /// <summary>
    /// Before which place a list of newest first goes on: the one in the query, as
    /// <see cref="Place(EventPlace)"/> writes it, but never behind <see cref="End"/>.
    /// </summary>
    public EventPlace Before(string name)
    {
        if (Query(name) is not { } text)
        {
            return End;
        }

        string[] parts = text.Split('-');
        if (parts.Length != 2 || !uint.TryParse(parts[1], CultureInfo.InvariantCulture, out uint index))
        {
            throw Problems.BadInput(text, Language);
        }

        var height = new Height(Whole(parts[0]));
        return height > Until ? End : new EventPlace(height, index);
    }

    /// <summary>Refuses what came after the height that was asked for.</summary>
    /// <exception cref="PageProblemException">It did.</exception>
    public void RequireThen(Phrase kind, string value, Height came)
    {
        if (came > Until)
        {
            throw Problems.Later(kind, value, came, Until, Language);
        }
    }

    /// <summary>A number in the query.</summary>
    public ulong? WholeInQuery(string name) => Query(name) is { } text ? Whole(text) : null;

    /// <summary>A place for the query.</summary>
    public static string Place(EventPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Height.Value}-{place.Index}");

    /// <summary>What a form says besides its own field, to ask for the same moment.</summary>
    public IReadOnlyList<(string Name, string Value)> Kept =>
        At is { } at ? [("at", at.ToString())] : [];

    /// <summary>A query that asks for the same moment, with one more value.</summary>
    public string QueryWith(string name, string value) => QueryWith((name, value));

    /// <summary>A query that asks for the same moment, with more values.</summary>
    public string QueryWith(params ReadOnlySpan<(string Name, string Value)> values)
    {
        string query = At is { } at ? $"?at={at}" : "";
        foreach ((string name, string value) in values)
        {
            query += (query.Length == 0 ? "?" : "&") + name + "=" + Uri.EscapeDataString(value);
        }

        return query;
    }

    private ulong Whole(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
        && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
        && number < ulong.MaxValue
            ? number
            : throw Problems.BadInput(text, Language);
}
