// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// Who and what the ledger's addresses and symbols are, as of a view. Names are as they were written:
/// hostile, for all we know. Not thread-safe: one page's.
/// </summary>
/// <remarks>
/// What is written asks for names as it goes; what the book did not know then is looked up afterwards, and
/// the writing is done again. So a list of fifty events reads each of its names once, whatever kinds of event
/// there are.
/// </remarks>
internal sealed class NameBook
{
    // Names lead to names (an account to its officer's institution), never further than this.
    private const int MaxPasses = 4;

    private readonly IIndexView _view;
    private readonly Dictionary<Address, InstitutionRow> _institutions;
    private readonly Dictionary<Address, OfficerRow?> _officers = [];
    private readonly Dictionary<Address, AccountRow?> _accounts = [];
    private readonly Dictionary<AssetId, AssetRow?> _assets = [];
    private readonly HashSet<Address> _wantedAccounts = [];
    private readonly HashSet<AssetId> _wantedAssets = [];

    private NameBook(IIndexView view, IEnumerable<InstitutionRow> institutions) => (_view, _institutions) =
        (view, institutions.ToDictionary(static row => row.Institution));

    /// <summary>A book that knows the institutions.</summary>
    public static async Task<NameBook> OpenAsync(IIndexView view, CancellationToken cancellationToken) =>
        new(view, await view.InstitutionsAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>All institutions, by address.</summary>
    public IReadOnlyDictionary<Address, InstitutionRow> Institutions => _institutions;

    /// <summary>Writes something whose names this book learns on the way.</summary>
    /// <param name="write">Called until it asks for nothing new; without effects of its own.</param>
    /// <param name="cancellationToken">Stops looking up.</param>
    public async Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken)
    {
        for (int pass = 0; ; pass++)
        {
            T written = write();
            if (_wantedAccounts.Count + _wantedAssets.Count == 0)
            {
                return written;
            }

            Invariant.Require(pass < MaxPasses, "a page asks for its names in a few rounds");
            await LearnAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Name of an institution; null for one that is not known.</summary>
    public string? Institution(Address institution, SiteLanguage language) =>
        _institutions.GetValueOrDefault(institution) is { } row ? NameOf(row, language) : null;

    /// <summary>
    /// Name for an account: its officer's, or its institution's. Null for citizens, who have no name here.
    /// </summary>
    public string? Account(Address account, SiteLanguage language)
    {
        if (Officer(account) is { } officer)
        {
            string? institution = Institution(officer.Institution, language);
            return institution is null
                ? officer.Name
                : officer.Name + Texts.Of(language)[Phrases.ListSeparator] + institution;
        }

        return Institution(account, language)
            ?? (Registered(account) is { Institution.IsZero: false } row
                ? Institution(row.Institution, language)
                : null);
    }

    /// <summary>The account's entry in the register; null when there is none or it is not looked up
    /// yet.</summary>
    public AccountRow? Registered(Address account) =>
        Known(_accounts, _wantedAccounts, account);

    /// <summary>An asset; null when there is none or it is not looked up yet.</summary>
    public AssetRow? Asset(AssetId asset) => Known(_assets, _wantedAssets, asset);

    /// <summary>Adds an asset that is at hand.</summary>
    public void Learn(AssetRow asset) => _assets[asset.Id] = asset;

    /// <summary>An institution's name in a language: the other one's when it has none.</summary>
    public static string NameOf(InstitutionRow institution, SiteLanguage language) =>
        language == SiteLanguage.Urdu && institution.NameUrdu.Length > 0
            ? institution.NameUrdu
            : institution.Name;

    /// <inheritdoc cref="NameOf(InstitutionRow, SiteLanguage)"/>
    public static string NameOf(AssetRow asset, SiteLanguage language) =>
        language == SiteLanguage.Urdu && asset.Definition.NameUrdu.Length > 0
            ? asset.Definition.NameUrdu
            : asset.Definition.Name;

    private OfficerRow? Officer(Address account) => Known(_officers, _wantedAccounts, account);

    private static TRow? Known<TKey, TRow>(
        Dictionary<TKey, TRow?> known, HashSet<TKey> wanted, TKey key)
        where TKey : notnull
        where TRow : class
    {
        if (known.TryGetValue(key, out TRow? row))
        {
            return row;
        }

        wanted.Add(key);
        return null;
    }

    private async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (Address account in _wantedAccounts)
        {
            _officers[account] =
                await _view.FindOfficerAsync(account, cancellationToken).ConfigureAwait(false);
            _accounts[account] =
                await _view.FindAccountAsync(account, cancellationToken).ConfigureAwait(false);
        }

        foreach (AssetId asset in _wantedAssets)
        {
            _assets[asset] = await _view.FindAssetAsync(asset, cancellationToken).ConfigureAwait(false);
        }

        _wantedAccounts.Clear();
        _wantedAssets.Clear();
    }
}
