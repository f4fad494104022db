// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Verbs;

/// <summary>
/// One operation as it is typed. The nouns send it at once (`tl asset issue`), `tl tx build` writes it to a
/// file for
/// offline signing; both read it here, so that they mean the same.
/// </summary>
internal sealed record Verb
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Arguments and options, without the words before them: "GOV-BOND-2031 --amount 5 --to
    /// treasury".</summary>
    public required string Example { get; init; }

    /// <summary>Who signs in the examples: a label of the demo network with the duty that it takes.</summary>
    public string ExampleSigner { get; init; } = "ministry-maker-1";

    public required IReadOnlyList<Symbol> Symbols { get; init; }

    /// <summary>Reads the operation; asks the network only for what was not typed (decimals, an
    /// institution).</summary>
    public required Func<Session, CancellationToken, Task<Operation>> Read { get; init; }

    /// <summary>How `tl tx build` is told to write it.</summary>
    public string BuildExample => $"tl tx build {Name} {Example} --from {ExampleSigner} > u.json";

    /// <summary>A privileged operation, which stands in a proposal.</summary>
    public static Verb Privileged(
        string name,
        string description,
        string example,
        IReadOnlyList<Symbol> symbols,
        Func<Session, string, CancellationToken, Task<PrivilegedOperation>> read,
        string exampleSigner = "ministry-maker-1")
    {
        var proposal = new ProposalOptions();
        return new Verb
        {
            Name = name,
            Description = description,
            Example = example,
            ExampleSigner = exampleSigner,
            Symbols = [.. symbols, proposal.Reason, proposal.Open],
            Read = async (session, token) => proposal.Read(
                session, [await read(session, session.Value(proposal.Reason) ?? "", token)]),
        };
    }

    /// <summary>The command that proposes it.</summary>
    public TlCommand ProposeCommand(string noun)
    {
        var write = new WriteOptions();
        TlCommand command = Command(
            Description + " Opens a proposal.",
            $"tl {noun} {Name} {Example} --from {ExampleSigner}",
            $"tl {noun} {Name} {Example} --from {ExampleSigner} --simulate");
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            WriteRequest request = write.Read(session);
            var propose = (Propose)await Read(session, token);
            await ProposalFlow.RunAsync(session, request, propose, token);
        });
    }

    /// <summary>A command with this verb's arguments and options and no work yet.</summary>
    public TlCommand Command(string description, params string[] examples)
    {
        var command = new TlCommand(Name, description, examples);
        foreach (Symbol symbol in Symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        return command;
    }
}
