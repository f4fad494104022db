// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;
using TokenLedger.Core.Json;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Cli.Network;

/// <summary>A proof's bundle as a part of other JSON, and its mistakes in this program's words.</summary>
internal static class BalanceProofJson
{
    /// <summary>The bundle as an object.</summary>
    public static JsonObject Write(BalanceProof proof) =>
        JsonNode.Parse(ProofBundle.Of(proof).Write())!.AsObject();

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="CliException">It is none: PROOF_MALFORMED.</exception>
    public static ProofBundle Read(string text)
    {
        try
        {
            return ProofBundle.Read(Encoding.UTF8.GetBytes(text));
        }
        catch (StrictJsonException e)
        {
            throw Malformed(e.Message);
        }
    }

    /// <summary>Reads a balance's proof.</summary>
    /// <exception cref="CliException">It is none: PROOF_MALFORMED.</exception>
    public static BalanceProof Read(JsonNode? node) =>
        Read(node?.ToJsonString() ?? "null").Balance ?? throw Malformed("It proves no balance.");

    private static CliException Malformed(string why) =>
        new(
            "PROOF_MALFORMED", ExitCode.VerificationFailed, "The file is not a proof.", why,
            "tl proof get --help");
}
