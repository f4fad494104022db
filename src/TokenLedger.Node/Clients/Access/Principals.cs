// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Node.Configuration;

namespace TokenLedger.Node.Clients.Access;

/// <summary>Whom a key or certificate stands for, and what it may do.</summary>
/// <param name="Name">As its operator calls it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CallsPerSecond">Cost that it may cause in a second, from however many addresses.</param>
/// <param name="OpenCalls">Open calls of it.</param>
internal sealed record Principal(string Name, ApiScopes Scopes, int CallsPerSecond, int OpenCalls);

/// <summary>
/// Who may call the API: the content of the file of principals. Immutable. Of keys it has the hashes only.
/// </summary>
internal sealed class Principals
{
    private const int MaxName = 64;
    private const int MostCalls = 1_000_000;

    private readonly FrozenDictionary<Hash256, (Principal Principal, TimestampMs NotAfter)> _keys;
    private readonly FrozenDictionary<Hash256, Principal> _certificates;

    private Principals(ApiScopes anonymous, ImmutableArray<Entry> entries)
    {
        Anonymous = anonymous;
        _keys = entries
            .SelectMany(static entry => entry.Keys.Select(key => (key.Hash, entry.Principal, key.NotAfter)))
            .ToFrozenDictionary(static key => key.Hash, static key => (key.Principal, key.NotAfter));
        _certificates = entries
            .SelectMany(static entry => entry.Certificates.Select(pin => (pin, entry.Principal)))
            .ToFrozenDictionary(static pair => pair.pin, static pair => pair.Principal);
    }

    /// <summary>What a node without such a file allows: everything, to everybody.</summary>
    public static Principals Everybody { get; } = new(ApiScopes.All, []);

    /// <summary>What whoever shows neither key nor certificate may do.</summary>
    public ApiScopes Anonymous { get; }

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="StrictJsonException">They are no such file, or name something twice.</exception>
    public static Principals Read(ReadOnlyMemory<byte> utf8) => StrictJson.Read(
        utf8, Limits.ApiPrincipalsBytes, static root => root.Object(file => Read(file, root)));

    /// <summary>Whose key has this hash, at a time; null for nobody's, and for an expired one.</summary>
    public Principal? OfKey(in Hash256 hash, TimestampMs now) =>
        _keys.TryGetValue(hash, out (Principal Principal, TimestampMs NotAfter) found)
            && now <= found.NotAfter
            ? found.Principal
            : null;

    /// <summary>Whose certificate has a public key with this hash; null for nobody's.</summary>
    public Principal? OfCertificate(in Hash256 pin) => _certificates.GetValueOrDefault(pin);

    private static Principals Read(StrictObject file, StrictValue root)
    {
        ApiScopes anonymous = file.Optional(
            "anonymous", ApiScopes.None, static value => value.Object(
                static one => Scopes(one.Required("scopes"))));
        ImmutableArray<Entry> entries = file.Required("principals").List(
            Limits.ApiPrincipals, static value => value.Object(Entry.Of));
        bool once = Once(entries.Select(static entry => entry.Principal.Name))
            && Once(entries.SelectMany(static entry => entry.Keys.Select(static key => key.Hash)))
            && Once(entries.SelectMany(static entry => entry.Certificates));
        return once ? new Principals(anonymous, entries)
            : throw root.Unexpected("each name, key and certificate once");
    }

    private static bool Once<T>(IEnumerable<T> all) => all.GroupBy(static one => one).All(
        static same => same.Count() == 1);

    private static ApiScopes Scopes(StrictValue value)
    {
        ApiScopes scopes = ApiScopes.None;
        foreach (ApiScopes one in value.List(3, static item => item.Name<ApiScopes>()))
        {
            scopes |= one;
        }

        return scopes;
    }

    private sealed record Entry(
        Principal Principal, ImmutableArray<(Hash256 Hash, TimestampMs NotAfter)> Keys,
        ImmutableArray<Hash256> Certificates)
    {
        /// <summary>A key may be used on its last day: from midnight to the day's last millisecond.
        /// </summary>
        private const ulong LastOfDay = (24 * 3_600_000) - 1;

        private static readonly TimestampMs Never = new(ulong.MaxValue);

        public static Entry Of(StrictObject one) => new(
            new Principal(
                one.Required("name").Text(MaxName),
                Scopes(one.Required("scopes")),
                (int)one.Optional(
                    "callsPerSecond", (ulong)ClientQuota.Default.CallsPerSecond,
                    static value => value.Number(Limits.ApiCostlyCall, MostCalls)),
                (int)one.Optional(
                    "openCalls", (ulong)Limits.ApiOpenCallsPerClient,
                    static value => value.Number(1, Limits.ApiOpenCalls))),
            one.Optional<ImmutableArray<(Hash256, TimestampMs)>>(
                "keys", [], static keys => keys.List(Limits.ApiKeysPerPrincipal, static value => value.Object(
                    static key => (
                        key.Required("hash").Hash(),
                        key.Optional("notAfter", Never, static day => day.Date().Plus(LastOfDay)))))),
            one.Optional<ImmutableArray<Hash256>>(
                "certificates", [], static pins => pins.List(
                    Limits.ApiKeysPerPrincipal, static pin => pin.Hash())));
    }
}
