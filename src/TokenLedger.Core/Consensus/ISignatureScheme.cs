// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Consensus;

/// <summary>
/// Checks signatures. Implementations are pure and thread-safe; Crypto's is libsecp256k1, and the pure
/// projects know only this, so that they need no native code.
/// </summary>
public interface ISignatureScheme
{
    /// <summary>
    /// Recovers who signed <paramref name="digest"/>. Strict: exactly 65 bytes r ‖ s ‖ v with v 27 or 28,
    /// 0 &lt; r &lt; n and 0 &lt; s ≤ n/2, so that one signature has one encoding.
    /// </summary>
    /// <returns>False when the signature is malformed or recovers no key.</returns>
    bool TryRecover(in Hash256 digest, ReadOnlySpan<byte> signature, out Address signer);
}

/// <summary>Signs with one key. Implementations are thread-safe and deterministic (RFC 6979).</summary>
public interface ISigner
{
    /// <summary>The key's address.</summary>
    Address Address { get; }

    /// <summary>Signs a digest.</summary>
    /// <returns>65 bytes r ‖ s ‖ v, s in the lower half, v 27 or 28.</returns>
    byte[] Sign(in Hash256 digest);
}
