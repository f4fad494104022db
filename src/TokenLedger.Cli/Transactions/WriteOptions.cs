// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Transactions;

/// <summary>Options of every command that changes the ledger.</summary>
internal sealed class WriteOptions
{
    public static readonly TimeSpan DefaultValidity = TimeSpan.FromMinutes(10);

    public Option<bool> Simulate { get; } = new("--simulate")
    {
        Description = "Show what it would change, and send nothing.",
    };

    public Option<bool> NoWait { get; } = new("--no-wait")
    {
        Description = "Do not wait until it is final.",
    };

    public Option<string?> RequestId { get; } = new("--request-id")
    {
        Description = "Your own name of this request, by which its outcome can be asked (default: random).",
        HelpName = "UUID",
    };

    public Option<string?> Memo { get; } = new("--memo")
    {
        Description = "Text for the receiver, at most 256 bytes. Everybody can read it for ever.",
        HelpName = "TEXT",
    };

    public Option<uint> Lane { get; } = new("--lane")
    {
        Description = "The sender's nonce sequence to use.",
        HelpName = "N",
    };

    public Option<string?> Expires { get; } = new("--expires")
    {
        Description = "It can never happen later than this from now, at most 7d (default 10m).",
        HelpName = "TIME",
    };

    public Option<bool> Yes { get; } = new("--yes", "-y")
    {
        Description = "Do not ask for confirmation. Refused where the context is production.",
    };

    public Option<string?> ConfirmDigest { get; } = new("--confirm-digest")
    {
        Description = "Confirm in a script exactly what has this hash.",
        HelpName = "HASH",
    };

    public IEnumerable<Option> All => [Simulate, NoWait, RequestId, Memo, Lane, Expires, Yes, ConfirmDigest];

    /// <summary>Adds all options but one that the command decides by itself.</summary>
    public WriteOptions AddTo(TlCommand command, Option? but = null)
    {
        foreach (Option option in All.Where(option => option != but))
        {
            command.Add(option);
        }

        return this;
    }

    public WriteRequest Read(Session session) => new()
    {
        Simulate = session.Value(Simulate),
        NoWait = session.Value(NoWait),
        RequestId = session.Value(RequestId) is { } id ? RequestIds.Parse(id) : RequestIds.New(),
        Memo = session.Value(Memo) ?? "",
        Lane = session.Value(Lane),
        Validity = session.Value(Expires) is { } text ? Durations.Parse(text, "--expires") : DefaultValidity,
        Yes = session.Value(Yes),
        ConfirmDigest = session.Value(ConfirmDigest),
    };
}

/// <summary>What was chosen with <see cref="WriteOptions"/>.</summary>
internal sealed record WriteRequest
{
    public bool Simulate { get; init; }

    public bool NoWait { get; init; }

    public required RequestId RequestId { get; init; }

    public string Memo { get; init; } = "";

    public uint Lane { get; init; }

    public TimeSpan Validity { get; init; } = WriteOptions.DefaultValidity;

    public bool Yes { get; init; }

    public string? ConfirmDigest { get; init; }
}
