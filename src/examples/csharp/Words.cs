// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Rpc;

namespace TokenLedger.Examples;

/// <summary>A program's --name VALUE pairs.</summary>
internal sealed class Words
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    public Words(string[] args)
    {
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new ArgumentException($"'{args[i]}' is no --name with a value.");
            }

            _given[args[i][2..]] = args[i + 1];
        }
    }

    public string this[string name] => _given.TryGetValue(name, out string? value)
        ? value
        : throw new ArgumentException($"--{name} is missing.");

    public string Or(string name, string otherwise) => _given.GetValueOrDefault(name, otherwise);

    public ulong Number(string name, ulong otherwise) =>
        _given.TryGetValue(name, out string? value)
            ? ulong.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;

    public Address Address(string name) => Core.Address.TryParse(this[name], out Address address)
        ? address
        : throw new ArgumentException($"--{name} is no address.");

    public Hash256 Hash(string name) => Hash256.TryParse(this[name], out Hash256 hash)
        ? hash
        : throw new ArgumentException($"--{name} is no hash.");

    /// <summary>--node HOST:PORT[,HOST:PORT]. A connection that died without a word is noticed by its pings.
    /// </summary>
    public LedgerClient[] Nodes() => [.. this["node"].Split(',').Select(static address =>
        LedgerClient.Connect(new Uri($"http://{address}"), new RpcChannelOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        }))];
}
