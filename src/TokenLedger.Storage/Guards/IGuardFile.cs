// SPDX-License-Identifier: Apache-2.0

namespace TokenLedger.Storage.Guards;

/// <summary>
/// What keeps a guard's content. It stands outside the databases and outside their backups. One thread.
/// </summary>
public interface IGuardFile : IDisposable
{
    /// <summary>
    /// The newest content that is whole; null when there is no file, and empty when there is one of which
    /// nothing is whole.
    /// </summary>
    /// <exception cref="StorageFault">The device fails.</exception>
    byte[]? Read();

    /// <summary>
    /// True when something beside what <see cref="Read"/> gave last is not whole: a write that a power loss
    /// tore, after which nothing was signed, or one that was whole once and rotted.
    /// </summary>
    bool IsDamaged { get; }

    /// <summary>
    /// Puts new content in the place of the old: durable on return, and after a crash the old or the new.
    /// </summary>
    /// <exception cref="StorageFault">Which of the two is there is open: nothing may be signed.</exception>
    void Replace(ReadOnlySpan<byte> content);
}
