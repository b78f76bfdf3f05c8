"""Deletes at the provider what was erased here: its copies of the texts, in and out.

It may refuse until the network has told how a text fared, or be away: then it is asked again later.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.channels.sms.outbound import in_thread
from bot.channels.sms.provider import SmsError
from bot.store import provider_copies

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)


async def erase_due(services: Services) -> int:
    """Ask for every copy that is due. Returns how many are gone. Raises StoreAway."""
    provider, gone = services.sms, 0
    if provider is None:
        return 0
    for copy in await services.db.run(provider_copies.due):
        sid = copy.provider_sid
        try:
            await in_thread(lambda sid=sid: provider.erase(sid))  # type: ignore[misc]
        except SmsError as error:
            log.info("copy %s: not deleted at the provider yet: %s", copy.id, error.code)
            if not await services.db.run(provider_copies.again_later, copy.id):
                log.error("copy %s: the provider never deleted it; see its console", copy.id)
            continue
        await services.db.run(provider_copies.gone, copy.id)
        gone += 1
    services.metrics.provider_copies.set(await services.db.run(provider_copies.waiting))
    return gone
