// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TLBucket} from "./TLBucket.sol";
import {TLToken} from "./TLToken.sol";

/// @notice What is known of a token on the bridge.
/// @param minted Units ever minted.
/// @param burned Units ever burned.
/// @param maxCumLocked The largest sum of locks that the ledger signed; minted is never above it.
/// @param ceiling What the supply may be.
/// @param perItem What one item of a batch may mint.
/// @param mintCapacity What can be minted at once.
/// @param mintAvailable What can be minted now.
/// @param mintWindow Seconds in which that fills.
/// @param burnCapacity What can be burned at once.
/// @param burnAvailable What can be burned now.
/// @param burnWindow Seconds in which that fills.
/// @param listed False for a token that the bridge does not know; all else is zero then.
struct TokenState {
    uint128 minted;
    uint128 burned;
    uint128 maxCumLocked;
    uint128 ceiling;
    uint128 perItem;
    uint128 mintCapacity;
    uint128 mintAvailable;
    uint32 mintWindow;
    uint128 burnCapacity;
    uint128 burnAvailable;
    uint32 burnWindow;
    bool listed;
}

/// @notice Limits of a token.
/// @param ceiling What the supply may be.
/// @param perItem What one item of a batch may mint.
/// @param mintCapacity What can be minted at once.
/// @param burnCapacity What can be burned at once.
/// @param mintWindow Seconds in which an empty mint bucket fills, from 1.
/// @param burnWindow Seconds in which an empty burn bucket fills, from 1.
struct Limits {
    uint128 ceiling;
    uint128 perItem;
    uint128 mintCapacity;
    uint128 burnCapacity;
    uint32 mintWindow;
    uint32 burnWindow;
}

/// @title What was minted and burned of each token, and how much may be.
/// @author TokenLedger
/// @notice The bridge's books: every unit that ever crossed, and every limit.
abstract contract TLBooks {
    /// @dev Packed so that a mint writes two words and reads two, and a burn writes two.
    struct Book {
        uint128 minted;
        uint128 maxCumLocked;
        uint128 mintLevel;
        uint40 mintTime;
        uint32 mintWindow;
        uint128 mintCapacity;
        uint128 ceiling;
        uint128 burned;
        uint128 burnLevel;
        uint128 burnCapacity;
        uint40 burnTime;
        uint32 burnWindow;
        uint128 perItem;
    }

    /// @dev A batch's working copy: what it may mint by each limit and by the tightest, what was minted
    /// before and by it, and the word of consumed nonces at hand with its first nonce.
    struct Tally {
        uint256 level;
        uint256 time;
        uint256 backing;
        uint256 room;
        uint256 tightest;
        uint256 perItem;
        uint256 before;
        uint256 minted;
        uint256 first;
        uint256 bits;
    }

    mapping(address token => Book book) private _books;

    /// @notice Limits of a token, from now on; the first for a token lists it.
    /// @param token Which.
    /// @param limits What they are.
    event LimitChanged(address indexed token, Limits limits);

    /// @notice The bridge does not know this token.
    /// @param token What was given.
    error NotListed(address token);

    /// @notice It does already.
    /// @param token What was given.
    error AlreadyListed(address token);

    /// @notice A bucket must fill at some time.
    error BadWindow();

    /// @notice It would be higher, or fill faster.
    error NotLower();

    /// @notice The sum of locks is beyond what any amount can be.
    /// @param cumLocked What was given.
    error BadCumLocked(uint256 cumLocked);

    /// @notice More than can be burned now.
    /// @param amount What was asked.
    /// @param available What can be.
    error BurnLimited(uint256 amount, uint256 available);

    /// @notice What is known of a token, with its buckets as they are now.
    /// @param token Which.
    /// @return What is known.
    function state(address token) external view returns (TokenState memory) {
        Book memory book = _books[token];
        if (book.mintWindow == 0) {
            TokenState memory nothing;
            return nothing;
        }
        (uint256 mintLevel,) = _mintBucket(book);
        (uint256 burnLevel,) = _burnBucket(book);
        return TokenState({
            minted: book.minted,
            burned: book.burned,
            maxCumLocked: book.maxCumLocked,
            ceiling: book.ceiling,
            perItem: book.perItem,
            mintCapacity: book.mintCapacity,
            // forge-lint: disable-next-line(unsafe-typecast)
            mintAvailable: uint128(mintLevel),
            mintWindow: book.mintWindow,
            burnCapacity: book.burnCapacity,
            // forge-lint: disable-next-line(unsafe-typecast)
            burnAvailable: uint128(burnLevel),
            burnWindow: book.burnWindow,
            listed: true
        });
    }

    function _list(address token, Limits calldata limits) internal {
        Book storage book = _books[token];
        if (book.mintWindow != 0) revert AlreadyListed(token);
        _write(token, book, limits);
        (book.mintLevel, book.burnLevel) = (limits.mintCapacity, limits.burnCapacity);
        (book.mintTime, book.burnTime) = (uint40(block.timestamp), uint40(block.timestamp));
    }

    function _setLimits(address token, Limits calldata limits, bool lower) internal {
        Book storage book = _books[token];
        Book memory old = book;
        if (old.mintWindow == 0) revert NotListed(token);
        if (lower && _isHigher(limits, old)) revert NotLower();
        (uint256 mintLevel,) = _mintBucket(old);
        (uint256 burnLevel,) = _burnBucket(old);
        _write(token, book, limits);
        book.mintLevel = uint128(_least(mintLevel, limits.mintCapacity));
        book.burnLevel = uint128(_least(burnLevel, limits.burnCapacity));
        (book.mintTime, book.burnTime) = (uint40(block.timestamp), uint40(block.timestamp));
    }

    /// @dev What the batch may do: settled, and with the larger of the sums of locks.
    function _openMint(address token, uint256 cumLocked) internal view returns (Tally memory tally) {
        if (cumLocked > type(uint128).max) revert BadCumLocked(cumLocked);
        Book storage book = _books[token];
        (uint256 level, uint256 time, uint256 window) = (book.mintLevel, book.mintTime, book.mintWindow);
        if (window == 0) revert NotListed(token);
        (uint256 capacity, uint256 ceiling) = (book.mintCapacity, book.ceiling);
        (tally.level, tally.time) = TLBucket.settle(level, time, capacity, window, block.timestamp);
        (uint256 minted, uint256 most) = (book.minted, book.maxCumLocked);
        uint256 supply = TLToken(token).totalSupply();
        // What was minted is never above the sum of locks.
        unchecked {
            tally.backing = (cumLocked > most ? cumLocked : most) - minted;
            tally.room = supply < ceiling ? ceiling - supply : 0;
        }
        tally.tightest = tally.level < tally.room ? tally.level : tally.room;
        if (tally.backing < tally.tightest) tally.tightest = tally.backing;
        (tally.perItem, tally.before) = (book.perItem, minted);
    }

    /// @dev Only now is the batch's sum of locks kept.
    function _closeMint(address token, Tally memory tally) internal {
        Book storage book = _books[token];
        // What was minted is at most the tightest limit, so below the level, and with the rest below 2¹²⁸.
        unchecked {
            (book.minted, book.maxCumLocked) =
            (uint128(tally.before + tally.minted), uint128(tally.before + tally.backing));
            (book.mintLevel, book.mintTime) = (uint128(tally.level - tally.minted), uint40(tally.time));
        }
    }

    function _bookBurn(address token, uint128 amount) internal {
        Book storage book = _books[token];
        (uint256 capacity, uint256 time) = (book.burnCapacity, book.burnTime);
        uint256 window = book.burnWindow;
        if (window == 0) revert NotListed(token);
        (uint256 level, uint256 settled) =
            TLBucket.settle(book.burnLevel, time, capacity, window, block.timestamp);
        if (amount > level) revert BurnLimited(amount, level);
        // forge-lint: disable-next-line(unsafe-typecast)
        (book.burned, book.burnLevel) = (book.burned + amount, uint128(level - amount));
        // forge-lint: disable-next-line(unsafe-typecast)
        book.burnTime = uint40(settled);
    }

    function _write(address token, Book storage book, Limits calldata limits) private {
        if (limits.mintWindow == 0 || limits.burnWindow == 0) revert BadWindow();
        (book.ceiling, book.perItem) = (limits.ceiling, limits.perItem);
        (book.mintCapacity, book.burnCapacity) = (limits.mintCapacity, limits.burnCapacity);
        (book.mintWindow, book.burnWindow) = (limits.mintWindow, limits.burnWindow);
        emit LimitChanged(token, limits);
    }

    function _mintBucket(Book memory book) private view returns (uint256 level, uint256 time) {
        return
            TLBucket.settle(
                book.mintLevel, book.mintTime, book.mintCapacity, book.mintWindow, block.timestamp
            );
    }

    function _burnBucket(Book memory book) private view returns (uint256 level, uint256 time) {
        return
            TLBucket.settle(
                book.burnLevel, book.burnTime, book.burnCapacity, book.burnWindow, block.timestamp
            );
    }

    function _isHigher(Limits calldata limits, Book memory old) private pure returns (bool) {
        return limits.ceiling > old.ceiling || limits.perItem > old.perItem
            || limits.mintCapacity > old.mintCapacity || limits.burnCapacity > old.burnCapacity
            || limits.mintWindow < old.mintWindow || limits.burnWindow < old.burnWindow;
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
